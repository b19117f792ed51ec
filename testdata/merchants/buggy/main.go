// Command buggy is a shop that takes payments on PayPorter's hosted page, rightly, but for the one bug
// it is told to have. It shows that the contract harness finds each of them; nobody should start from it.
//
//	buggy --list                 names the bugs
//	buggy --bug amount-as-text   runs the shop with one; without it, the shop is right
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	name := flag.String("bug", os.Getenv("BUG"), "the `bug` to have; empty: none")
	unusual := flag.String("unusual", "", "a `make` of shop that is unusual and right: by-worker, keeps-orders")
	list := flag.Bool("list", false, "list the bugs")
	asJSON := flag.Bool("json", false, "with -list: as JSON")
	flag.Parse()
	if *list {
		show(*asJSON)
		return
	}
	listener, err := net.Listen("tcp", cmp.Or(os.Getenv("LISTEN"), "127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "3000")))
	if err != nil {
		log.Fatal(err)
	}
	s := newShop(cmp.Or(os.Getenv("SHOP_URL"), "http://"+listener.Addr().String()))
	if *unusual != "" {
		s.make(*unusual)
	}
	if *name != "" {
		s.plant(*name)
	}
	s.habits.open(s)
	fmt.Println("shop listens on " + s.home)
	server := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second}
	log.Fatal(server.Serve(s.habits.line(listener)))
}

// make gives the shop an unusual make, which is right.
func (s *shop) make(unusual string) {
	makes := map[string]func(*habits){"by-worker": byWorker, "keeps-orders": keepsOrders}
	if makes[unusual] == nil {
		log.Fatalf("there is no make %q", unusual)
	}
	makes[unusual](s.habits)
}

// plant gives the shop a bug.
func (s *shop) plant(name string) {
	i := slices.IndexFunc(bugs(), func(b bug) bool { return b.Name == name })
	if i < 0 {
		log.Fatalf("there is no bug %q: see --list", name)
	}
	bugs()[i].plant(s.habits)
}

// bug is one way to get it wrong.
type bug struct {
	Name   string   `json:"name"`
	About  string   `json:"about"`          // what the shop does
	Rule   string   `json:"rule"`           // the one meant for it
	Also   []string `json:"also,omitempty"` // rules that the same cause breaks
	Source string   `json:"source"`         // where it was seen
	Slow   bool     `json:"slow,omitempty"` // each callback takes so long that to judge by every rule takes minutes

	plant func(*habits)
}

// common says that a bug is met in many reviews, and in no thread more than in others.
const common = "common in reviews of hosted-checkout integrations"

func bugs() []bug {
	return slices.Concat(requestBugs(), flowBugs(), trustBugs(), moneyBugs(), againBugs(), troubleBugs(), answerBugs(),
		paceBugs(), customerBugs(), webhookBugs(), signatureBugs(), refundBugs())
}

func show(asJSON bool) {
	if asJSON {
		_ = json.NewEncoder(os.Stdout).Encode(bugs()) // nobody reads
		return
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, b := range bugs() {
		family, _, _ := strings.Cut(b.Rule, "-")
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t(%s)\n", b.Name, family, b.Rule, b.About, b.Source)
	}
	_ = w.Flush() // nobody reads
}
