// Package wire reads requests and writes answers for the merchant API and the control API. It owns
// the one map from fault to HTTP status and the one error body, and knows no use case.
package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/payment"
)

// JSON is the content type of every answer of both APIs.
const JSON = "application/json"

// Read takes the whole body of a request, at most limit bytes. A longer one is an *payment.Error
// with code TooLarge, one that breaks off or is encoded an InvalidRequest or UnsupportedType.
func Read(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	for _, encoding := range r.Header["Content-Encoding"] {
		if encoding != "" && encoding != "identity" {
			return nil, &payment.Error{
				Code: payment.UnsupportedType, Message: "the body must not be encoded: leave Content-Encoding out",
			}
		}
	}

	if r.ContentLength > limit {
		w.Header().Set("Connection", "close") // nobody will read the rest
		return nil, tooLarge(limit)
	}

	body, err := readAll(w, r, limit)
	if err == nil {
		return body, nil
	}
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return nil, tooLarge(limit)
	}
	return nil, &payment.Error{Code: payment.InvalidRequest, Message: "the body broke off before its end"}
}

// readAll reads no more than the length that the request gives, or the limit.
func readAll(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength < 0 {
		return io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	}
	buf := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, buf)
	return buf, err
}

func tooLarge(limit int64) error {
	return &payment.Error{Code: payment.TooLarge, Message: fmt.Sprintf("the body must have at most %d bytes", limit)}
}

// Invalid turns violations of a document into the error that names every faulty field.
func Invalid(violations []openapi.Violation) error {
	fields := make([]payment.FieldError, len(violations))
	for i, v := range violations {
		fields[i] = payment.FieldError{Field: v.Field, Message: v.Message}
		if v.Field == "" {
			fields[i] = payment.FieldError{Field: v.In, Message: v.Message}
		}
	}
	return payment.Invalid(fields)
}

// Answer is an answer ready to be sent.
type Answer struct {
	Status      int
	Body        []byte
	ContentType string // empty means JSON
	RetryAfter  string // seconds; empty: no such header
}

// Appender is a value that writes itself as JSON, byte for byte as encoding/json writes it.
type Appender interface {
	AppendJSON(to []byte) []byte
}

// OK is a 200 with the value as JSON. A value that cannot be written is a bug, and an error.
func OK(value any) (Answer, error) {
	if value, ok := value.(Appender); ok {
		return Answer{Status: http.StatusOK, Body: value.AppendJSON(nil)}, nil
	}
	body, err := json.Marshal(value)
	if err != nil {
		return Answer{}, fmt.Errorf("write answer: %w", err)
	}
	return Answer{Status: http.StatusOK, Body: body}, nil
}

// AppendText appends a text as encoding/json writes it. Most texts have nothing in them that must be escaped.
func AppendText(to []byte, text string) []byte {
	if !isPlain(text) {
		escaped, _ := json.Marshal(text) // strings always marshal
		return append(to, escaped...)
	}
	return append(append(append(to, '"'), text...), '"')
}

// isPlain reports whether a text stands in JSON, and in HTML around it, as it is.
func isPlain(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ' || c >= 0x7f:
			return false
		case c == '"' || c == '\\' || c == '<' || c == '>' || c == '&':
			return false
		}
	}
	return true
}

// errorBody is the body of every error answer.
type errorBody struct {
	Message     string               `json:"message"`
	MessageCode payment.Code         `json:"messageCode"`
	Errors      []payment.FieldError `json:"errors"`
	RequestID   string               `json:"requestId,omitempty"`
}

// Fault is the answer for an error. Anything but an *payment.Error is a bug of the sandbox: the
// caller gets a 500 that says so and no more.
func Fault(err error, requestID string) Answer {
	var fault *payment.Error
	if !errors.As(err, &fault) {
		fault = &payment.Error{
			Code: payment.Internal, Message: "the sandbox made a mistake; its log says more under this requestId",
		}
	}

	fields := fault.Fields
	if len(fields) == 0 {
		fields = []payment.FieldError{}
		if fault.Field != "" {
			fields = append(fields, payment.FieldError{Field: fault.Field, Message: fault.Message})
		}
	}

	body, _ := json.Marshal(errorBody{fault.Error(), fault.Code, fields, requestID}) // strings always marshal
	answer := Answer{Status: status(fault.Code), Body: body}
	if fault.RetryAfter > 0 {
		answer.RetryAfter = strconv.Itoa(int(math.Ceil(fault.RetryAfter.Seconds())))
	}

	return answer
}

// status maps a code to its HTTP status: the statuses are PayPorter's where its introduction names
// them (4XX structure, 406 business, 429, 500), and assumed in detail.
func status(c payment.Code) int {
	if slices.Contains(payment.BusinessCodes(), c) {
		return http.StatusNotAcceptable
	}

	switch c {
	case payment.InvalidRequest:
		return http.StatusBadRequest
	case payment.Unauthorized:
		return http.StatusUnauthorized
	case payment.Forbidden:
		return http.StatusForbidden
	case payment.NotFound:
		return http.StatusNotFound
	case payment.WrongMethod:
		return http.StatusMethodNotAllowed
	case payment.TooManyRequests:
		return http.StatusTooManyRequests
	case payment.Unavailable:
		return http.StatusServiceUnavailable
	case payment.NotDecidable:
		return http.StatusConflict
	case payment.TimedOut:
		return http.StatusRequestTimeout
	case payment.NotPayable, payment.ClockRange:
		return http.StatusConflict
	case payment.TooLarge:
		return http.StatusRequestEntityTooLarge
	case payment.UnsupportedType:
		return http.StatusUnsupportedMediaType
	}
	return http.StatusInternalServerError
}

// Check says how the answer breaks the description of its operation, if it does. A sandbox that
// breaks its own contract has a bug.
func (a Answer) Check(op *openapi.Operation) error {
	h := http.Header{}
	a.headers(h)
	faults := op.CheckAnswer(a.Status, h, a.Body)
	if len(faults) == 0 {
		return nil
	}
	// Not wrapped: what is wrong is the sandbox, not the request.
	return fmt.Errorf("the answer breaks the API description: %v", Invalid(faults))
}

// Send writes the answer.
func (a Answer) Send(w http.ResponseWriter) error {
	a.Head(w)
	_, err := w.Write(a.Body)
	return err
}

// Head writes the status and the headers, the length of the body among them.
func (a Answer) Head(w http.ResponseWriter) {
	a.headers(w.Header())
	w.WriteHeader(a.Status)
}

func (a Answer) headers(h http.Header) {
	if a.Status == http.StatusNoContent {
		return // it has no body to speak of
	}
	h["Content-Type"] = a.contentType()
	h["Content-Length"] = []string{strconv.Itoa(len(a.Body))}
	if a.RetryAfter != "" {
		h.Set("Retry-After", a.RetryAfter)
	}
}

// isJSON is the header of nearly every answer, which all of them share.
var isJSON = []string{JSON}

func (a Answer) contentType() []string {
	if a.ContentType == "" {
		return isJSON
	}
	return []string{a.ContentType}
}
