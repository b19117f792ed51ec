package scenarios

import "github.com/payporter-mock/payporter-mock/internal/wording"

// nearest lists at most three known names that were probably meant, the likeliest first.
func nearest(name string, known []string) []string { return wording.Nearest(name, known) }
