package shop

import "go.yaml.in/yaml/v4"

func (r *reader) webhook(n *yaml.Node, path string) (w Webhook) {
	given := r.mapping(n, path, webhookKeys, keys{
		"url":    func(n *yaml.Node, path string) { w.URL = r.url(n, path) },
		"secret": func(n *yaml.Node, path string) { w.Secret = r.text(n, path) },
	})
	r.wanted(n, given, path, "url", "where the shop takes webhooks")
	return w
}

func (r *reader) refund(n *yaml.Node, path string) (f Refund) {
	given := r.mapping(n, path, refundKeys, keys{
		"before":  func(n *yaml.Node, path string) { f.Before = r.before(n, path) },
		"request": func(n *yaml.Node, path string) { f.Request = r.request(n, path) },
	})
	r.wanted(n, given, path, "request", "the request that gives money back")
	return f
}
