// Command soak lets a sandbox live through many days with several merchants, random scenarios, and receivers that are
// slow, refuse, hang, break off, die and return, and then balances the books: everything that ended was told or given up, nothing
// was sent twice without a cause, nothing was lost, every attempt came when it was due.
//
//	make soak               # 30 minutes
//	make soak SOAK=1m
//
// The sandbox is a process of its own. In the end it is told to stop in the middle of its work, and must say what it
// did not deliver. The seed is what everything is drawn from. All traffic stays on this machine.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"
)

func main() {
	length := flag.Duration("for", 30*time.Minute, "how long merchants live, in real time")
	seed := flag.Uint64("seed", 1, "what the plan is drawn from")
	merchants := flag.Int("merchants", 6, "how many live side by side")
	out := flag.String("out", "", "a file to write the result to, too")
	flag.Parse()
	books, err := run(*length, *seed, *merchants)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
	text := books.report(*length, *seed, *merchants)
	fmt.Print(text)
	if *out != "" {
		if err := os.WriteFile(*out, []byte(text), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "soak:", err)
			os.Exit(1)
		}
	}
	if books.failed() > 0 {
		os.Exit(1)
	}
}

func run(length time.Duration, seed uint64, merchants int) (*books, error) {
	s, err := startSandbox(seed)
	if err != nil {
		return nil, err
	}
	defer s.kill()
	b := newBooks()
	end := time.Now().Add(length)
	lives := make([]*life, merchants)
	var living sync.WaitGroup
	for i := range lives {
		l, err := newLife(s, b, i, rand.New(rand.NewPCG(seed, uint64(i))))
		if err != nil {
			return nil, err
		}
		lives[i] = l
		living.Go(func() { l.live(end) })
	}
	half := time.AfterFunc(length/2, func() { b.memoryAtHalf = s.residentMB() })
	defer half.Stop()
	living.Wait()
	for _, l := range lives {
		l.balance()
		b.lived(l)
	}
	b.rest(s)
	b.farewell(s, lives[0])
	return b, nil
}
