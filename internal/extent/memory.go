package extent

import "runtime/debug"

// Spacious gives the test binary room, so that its garbage is collected seldom, as the program does it. It is for
// packages that start many sandboxes: a third of their processor time was collecting. Near the limit it is collected
// as often as it must be.
func Spacious() {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(3 << 30)
}
