package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// postgreSQL is a server of the bench's own, in a temporary folder, on a Unix socket, with the settings that it comes
// with: what it has answered is on the disk.
type postgreSQL struct {
	programs, folder string
	as               *syscall.SysProcAttr
}

// startPostgreSQL starts one, as another user than root; nil: it is not installed.
func startPostgreSQL() (*postgreSQL, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "bench-postgres")
	if err != nil {
		return nil, err
	}
	p := &postgreSQL{programs: filepath.Dir(found[len(found)-1]), folder: folder}
	if os.Geteuid() == 0 {
		if err := p.giveAway(); err != nil {
			return nil, err
		}
	}

	data := filepath.Join(folder, "data")
	err = p.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
	if err == nil {
		err = p.run("pg_ctl", "-D", data, "-l", filepath.Join(folder, "log"), "-w", "-o",
			"-k "+folder+" -c listen_addresses=", "start")
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// giveAway has the server run as the user postgres, whom Debian's package makes.
func (p *postgreSQL) giveAway() error {
	who, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return err
	}
	p.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return os.Chown(p.folder, uid, gid)
}

func (p *postgreSQL) run(program string, args ...string) error {
	command := exec.Command(filepath.Join(p.programs, program), args...)
	command.Dir, command.SysProcAttr = p.folder, p.as
	// A file, not a pipe: the server keeps it open.
	out, err := os.Create(filepath.Join(p.folder, program+".log"))
	if err != nil {
		return err
	}
	defer out.Close()
	command.Stdout, command.Stderr = out, out
	if err := command.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w\n%s", program, err, said)
	}
	return nil
}

// schema makes a schema, and answers its address.
func (p *postgreSQL) schema(name string) (address string, err error) {
	err = p.run("psql", "-q", "-h", p.folder, "-U", "postgres", "-d", "postgres", "-c", "CREATE SCHEMA "+name)
	return "postgres://postgres@/postgres?host=" + p.folder + "&search_path=" + name, err
}

func (p *postgreSQL) stop() {
	_ = p.run("pg_ctl", "-D", filepath.Join(p.folder, "data"), "-m", "immediate", "-w", "stop") // it may not run
	_ = os.RemoveAll(p.folder)
}
