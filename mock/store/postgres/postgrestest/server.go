package postgrestest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// Server is a PostgreSQL of a test's own, in a temporary folder, on a Unix socket.
type Server struct {
	folder, programs string
	as               *syscall.SysProcAttr
	alive            *os.File // PostgreSQL ends when this is closed, by the end of the test binary too
}

// live runs PostgreSQL until its standard input ends: programs, folder.
const live = `"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --no-sync >"$2/init.log" 2>&1 &&
"$1/pg_ctl" -D "$2/data" -l "$2/log" -w -o "-k $2 -c listen_addresses= -c fsync=off -c max_connections=400" \
	start >"$2/start.log" 2>&1 && echo ready
cat >/dev/null
"$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$2"`

// found is the folder of PostgreSQL's programs. Where there is none, the test is left out, or fails if nothing may be.
func found(t testing.TB) string {
	t.Helper()
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	require.NoError(t, err)
	if len(all) > 0 {
		return filepath.Dir(all[len(all)-1])
	}
	extent.Required(t, "PostgreSQL is not installed")
	return ""
}

// begin starts a server, as another user than root.
func begin(programs string) (*Server, error) {
	folder, err := os.MkdirTemp(room(), "payporter-postgres")
	if err != nil {
		return nil, err
	}
	s := &Server{folder: folder, programs: programs}
	if os.Geteuid() == 0 {
		if s.as, err = another(folder); err != nil {
			return nil, err
		}
	}

	command := exec.CommandContext(context.Background(), "sh", "-c", live, "sh", programs, folder)
	command.Dir, command.SysProcAttr = folder, s.as
	in, alive, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	command.Stdin, s.alive = in, alive
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	_ = in.Close()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		return nil, fmt.Errorf("PostgreSQL in %s does not start: %q, %w", folder, line, err)
	}
	return s, nil
}

// room is where a server's files lie: in memory where there is plenty, for most tests make tables of their own, each with
// a hundred files. Empty: where all temporary files lie.
func room() string {
	const memory, plenty = "/dev/shm", 4 << 30
	var free syscall.Statfs_t
	if err := syscall.Statfs(memory, &free); err != nil || uint64(free.Bavail)*uint64(free.Bsize) < plenty {
		return ""
	}
	return memory
}

// another gives the folder to the user postgres, whom Debian's package makes.
func another(folder string) (*syscall.SysProcAttr, error) {
	who, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}},
		os.Chown(folder, int(uid), int(gid))
}

// Start starts a server that ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := begin(found(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.alive.Close() })
	return s
}

// Address names the schema, as postgres.Open takes it.
func (s *Server) Address(schema string) string {
	return "postgres://postgres:unused@/postgres?host=" + s.folder + "&pool_max_conns=4&search_path=" + schema
}

// Stop ends PostgreSQL at once, as a loss of power does; Resume starts it again.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.control(t, "-m", "immediate", "stop")
}

// Resume starts PostgreSQL after Stop.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	s.control(t, "-l", filepath.Join(s.folder, "log"), "-o",
		"-k "+s.folder+" -c listen_addresses= -c fsync=off -c max_connections=400", "start")
}

func (s *Server) control(t testing.TB, args ...string) {
	t.Helper()
	args = append([]string{"-D", filepath.Join(s.folder, "data"), "-w", "-s"}, args...)
	command := exec.CommandContext(t.Context(), filepath.Join(s.programs, "pg_ctl"), args...)
	command.Dir, command.SysProcAttr = s.folder, s.as
	require.NoError(t, command.Run())
}
