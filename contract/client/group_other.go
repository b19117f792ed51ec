//go:build !unix

package client

import (
	"os"
	"os/exec"
)

// terminate asks a process to end. There is no gentle way here.
var terminate = os.Kill

func leadGroup(*exec.Cmd) {}

// signalGroup can reach the process itself only.
func signalGroup(p *os.Process, s os.Signal) error {
	if s == os.Interrupt {
		s = os.Kill
	}
	return p.Signal(s)
}
