// Package input reads the files that users name in flags. Whatever a path turns out to be, reading it ends soon and
// holds little.
package input

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Most is how many bytes a file may have.
const Most = 16 << 20

// ReadFile reads a regular file of at most Most bytes. Its errors name the path: there is no such file, it may not be
// read, it is something else than a regular file, or it is larger.
func ReadFile(path string) ([]byte, error) {
	// To open a device can do something already, so it is looked at before.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, refused(path, kindOf(info.Mode()))
	}
	// Without waiting: it may have become a pipe by now, to which nobody writes.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, refused(path, kindOf(info.Mode()))
	}

	content, err := io.ReadAll(io.LimitReader(file, Most+1))
	if err == nil && len(content) > Most {
		err = refused(path, fmt.Sprintf("larger than %d MiB", Most>>20))
	}
	if err != nil {
		return nil, err
	}
	return content, nil
}

// refused says what is wrong with a path, in the form of the system's own errors.
func refused(path, what string) error {
	return &fs.PathError{
		Op: "read", Path: path,
		Err: fmt.Errorf("want a regular file of at most %d MiB, it is %s", Most>>20, what),
	}
}

// kindOf says what it is that is no regular file, and may have no end or wait for somebody.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
