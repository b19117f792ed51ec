//go:build unix

package shop

import (
	"os"
	"syscall"
)

// ownGroup puts a shop into a process group, so that its children end with it.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func endGroup(p *os.Process, signal syscall.Signal) {
	_ = syscall.Kill(-p.Pid, signal) // it may have ended by itself
}
