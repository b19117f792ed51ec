//go:build unix

package client

import (
	"os"
	"os/exec"
	"syscall"
)

// terminate asks a process to end.
const terminate = syscall.SIGTERM

// leadGroup makes the command lead a process group, so that what it starts can be ended with it.
func leadGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalGroup signals the process and everything it has started.
func signalGroup(p *os.Process, s os.Signal) error {
	err := syscall.Kill(-p.Pid, s.(syscall.Signal))
	if err == syscall.ESRCH {
		return os.ErrProcessDone
	}
	return err
}
