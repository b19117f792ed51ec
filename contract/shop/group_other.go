//go:build !unix

package shop

import (
	"os"
	"syscall"
)

func ownGroup() *syscall.SysProcAttr { return nil }

// endGroup ends the shop alone: this system knows no process groups.
func endGroup(p *os.Process, _ syscall.Signal) {
	_ = p.Kill() // it may have ended by itself
}
