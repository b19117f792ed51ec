package link

import (
	"fmt"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Servers is the OpenAPI document as it is served at path. Where the public URL has a path of its own, "/" is not the
// sandbox any more: then the document's server is relative to the document, as its pages' links are. public is
// --public-url, and may be empty; a document that is no YAML is an error.
func Servers(document []byte, path, public string) ([]byte, error) {
	u, err := url.Parse(public)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return document, nil
	}
	var root yaml.Node
	if err := yaml.Load(document, &root); err != nil {
		return nil, fmt.Errorf("read the document of %s: %w", path, err)
	}

	var servers yaml.Node
	if err := servers.Encode([]map[string]string{{"url": strings.TrimSuffix(Root(path), "/")}}); err != nil {
		return nil, err
	}
	replace(&root, "servers", &servers)
	return yaml.Dump(&root)
}

// replace gives a property of the document another value, or adds it.
func replace(document *yaml.Node, name string, value *yaml.Node) {
	if document.Kind == yaml.DocumentNode && len(document.Content) > 0 {
		document = document.Content[0]
	}
	for i := 0; i+1 < len(document.Content); i += 2 {
		if document.Content[i].Value == name {
			document.Content[i+1] = value
			return
		}
	}
	document.Content = append(document.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, value)
}
