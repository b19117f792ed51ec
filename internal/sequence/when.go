package sequence

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// pause is how long nothing must happen to be shown as a break.
const pause = time.Minute

// watch writes times. All are in one zone, that of the first, and with milliseconds if any has them.
type watch struct {
	zone *time.Location // nil: no arrow has a time
	form string
}

func (d Diagram) watch() watch {
	w := watch{form: "15:04:05"}
	for _, arrow := range d.Arrows {
		if arrow.At.IsZero() {
			continue
		}
		if w.zone == nil {
			w.zone = arrow.At.Location()
		}
		if arrow.At.Nanosecond() >= int(time.Millisecond) {
			w.form = "15:04:05.000"
		}
	}
	return w
}

func (w watch) time(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(w.zone).Format(w.form)
}

func (w watch) date(at time.Time) string { return at.In(w.zone).Format(time.DateOnly) }
func (w watch) name(at time.Time) string { return at.In(w.zone).Format("MST") }

// paused says whether nothing happened for a while.
func (w watch) paused(last, at time.Time) bool {
	return !last.IsZero() && !at.IsZero() && at.Sub(last) > pause
}

// span writes a time that has passed with its two largest units, such as 5 m 0 s.
func span(d time.Duration) string {
	d = d.Round(time.Second)
	days, hours, minutes, seconds := d/(24*time.Hour), d/time.Hour%24, d/time.Minute%60, d/time.Second%60
	switch {
	case days > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d m", hours, minutes)
	}
	return fmt.Sprintf("%d m %d s", minutes, seconds)
}

// latency writes how long an answer took.
func latency(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return span(d)
	case d >= 10*time.Second:
		return decimal(d.Seconds(), 1) + " s"
	case d >= time.Second:
		return decimal(d.Seconds(), 2) + " s"
	case d >= 10*time.Millisecond:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	}
	return decimal(float64(d)/float64(time.Millisecond), 1) + " ms"
}

// decimal writes at most so many places.
func decimal(v float64, places int) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', places, 64), "0"), ".")
}

// toWhat says what an answer answers, where other things stand between the two.
func (a Arrow) toWhat() string {
	if a.Broken {
		return "no answer to " + clean(a.Label)
	}
	return "answer to " + clean(a.Label)
}

// answered is what came back and after what time: 200 · 12 ms. Why nothing did has the place for itself.
func (a Arrow) answered() string {
	answer := clean(a.Answer)
	if answer == "" || a.Latency <= 0 || a.Broken {
		return answer
	}
	return answer + " · " + latency(a.Latency)
}
