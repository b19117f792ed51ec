package ui

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/payment"
)

//go:embed html/*.html
var sources embed.FS

// pageNames are the files that fill the frame.
var pageNames = [...]string{
	"list", "merchants", "checkout", "payments", "payment", "webhook", "journal", "entrypage",
	"session", "scenarios", "library", "sample", "sandbox", "coverage", "violations", "login",
	"fault",
}

// templates are parsed at the first page, so that a sandbox that nobody looks at does not pay for it.
// They are embedded, and a test shows every page: that they parse is no question of input.
var templates = sync.OnceValue(func() map[string]*template.Template {
	shared := template.Must(template.New("").Funcs(template.FuncMap{
		"stamp": stamp, "day": day, "time": timeOnly, "latency": latency,
		"mask": payment.MaskSecrets, "maskURL": payment.MaskURL,
		"add": func(a, b int) int { return a + b }, "plural": wording.Plural,
	}).ParseFS(sources, "html/frame.html", "html/form.html", "html/entry.html", "html/delivery.html"))
	pages := map[string]*template.Template{}
	for _, name := range pageNames {
		pages[name] = template.Must(template.Must(shared.Clone()).ParseFS(sources, "html/"+name+".html"))
	}
	return pages
})

func render(w io.Writer, a answer, f frame) error {
	part := a.part
	if part == "" {
		part = "frame"
	}
	data := any(f)
	if part == "form" {
		data = a.data
	}
	return templates()[a.template].ExecuteTemplate(w, part, data)
}

func stamp(t time.Time) string    { return t.UTC().Format("2006-01-02 15:04:05") }
func day(t time.Time) string      { return t.UTC().Format(time.DateOnly) }
func timeOnly(t time.Time) string { return t.UTC().Format("15:04:05.000") }

func latency(ms float64) string {
	switch {
	case ms >= 1000:
		return fmt.Sprintf("%.1f s", ms/1000)
	case ms >= 10:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.1f ms", max(ms, 0.1))
}
