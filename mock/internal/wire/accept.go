package wire

import (
	"mime"
	"strconv"
	"strings"
)

// Prefers is the one of two media types that a request with this Accept header would rather have. Without a preference
// it is otherwise.
func Prefers(accept, mediaType, otherwise string) string {
	if quality(accept, mediaType) > quality(accept, otherwise) {
		return mediaType
	}
	return otherwise
}

// quality is how much a media type is wanted, from 0 to 1. Ranges such as */* want nothing in particular.
func quality(accept, mediaType string) float64 {
	for one := range strings.SplitSeq(accept, ",") {
		name, params, err := mime.ParseMediaType(one)
		if err != nil || name != mediaType {
			continue
		}
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			return q
		}
		return 1
	}
	return 0
}
