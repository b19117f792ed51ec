package ui

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// maxSession is how large a session file may be, in bytes: a journal holds less.
const maxSession = 64 << 20

// archive is the page on which a session file is opened, and the one of an opened file.
type archive struct {
	Saved    *saved // nil: none has been opened
	Chapters []chapter
	Entries  []shown
	Curl     string // saves the session of the merchant
}

// saveSession is the session of the merchant as a file.
func (d *dashboard) saveSession(_ context.Context, x *exchange) (answer, error) {
	got := d.perform(x, call(http.MethodGet, "session"))
	if got.status != http.StatusOK {
		return answer{}, errors.New("GET /_mock/session: " + string(got.body))
	}
	return answer{body: got.body, mime: "application/json", file: "session-" + fileName(x.merchant.Key) + ".json"}, nil
}

// fileName is a key as a part of the name of a file.
func fileName(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '-'
	}, payment.MaskSecrets(key))
}

func (d *dashboard) sessionPage(_ context.Context, x *exchange) (answer, error) {
	page := archive{Curl: call(http.MethodGet, "session").curl(d.base(x.request), x.merchant.Key, d.Gate.WantsToken())}
	return x.page("session", "Session files", page), nil
}

// openSession shows a session file read-only: as a page, or as text for whoever asks for that.
func (d *dashboard) openSession(_ context.Context, x *exchange) (answer, error) {
	s, chapters, err := x.sessionFile()
	if x.request.Header.Get("Accept") == "text/plain" {
		text := answer{body: []byte(s.text(chapters)), mime: "text/plain; charset=utf-8"}
		if err != nil {
			text.status, text.body = http.StatusBadRequest, []byte(plain(err.Error()))
		}
		return text, nil
	}
	if err != nil {
		return answer{}, err
	}

	page := archive{Saved: &s, Chapters: chapters}
	for _, e := range s.Journal {
		page.Entries = append(page.Entries, shown{Entry: e})
	}
	return answer{template: "session", title: "Session of " + s.Merchant, data: page}, nil
}

// sessionFile is the session that was sent, with its chapters.
func (x *exchange) sessionFile() (s saved, chapters []chapter, err error) {
	file, err := x.uploaded()
	if err == nil {
		s, err = readSaved(file)
	}
	if err == nil {
		chapters, err = s.chapters()
	}
	return s, chapters, err
}

// uploaded is the file that was sent: in a form, or as the body.
func (x *exchange) uploaded() ([]byte, error) {
	body := http.MaxBytesReader(x.writer, x.request.Body, maxSession)
	x.request.Body = body
	var from io.Reader = body
	if media, _, _ := mime.ParseMediaType(x.request.Header.Get("Content-Type")); media == "multipart/form-data" {
		parts, err := x.request.MultipartReader()
		if err != nil {
			return nil, notSaved(err.Error())
		}
		part, err := parts.NextPart()
		if err != nil {
			return nil, notSaved("no file was chosen")
		}
		from = part
	}

	file, err := io.ReadAll(from)
	if err != nil {
		return nil, notSaved(err.Error())
	}
	return file, nil
}
