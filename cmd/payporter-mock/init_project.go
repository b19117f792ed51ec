package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/input"
)

// project is a shop, as far as its folder tells. What was not found is empty.
type project struct {
	kind    string   // by which file it was known, such as package.json
	command []string // starts it
	env     string   // the variable in which it wants its port, unless that is PORT
	dir     string   // where it is, seen from the config
	url     string   // where it runs already
	order   string   // the path to which orders go
	state   string   // the path that shows one, with {{orderId}}
}

// known are the files by which a project is known, the surest first, and what each tells.
var known = []struct {
	file string
	read func(dir, text string) project
}{
	{"manage.py", readDjango},
	{"composer.json", readPHP},
	{"pom.xml", readMaven},
	{"go.mod", readGo},
	{"package.json", readNode}, // last: others have one for their front end
}

// lookAround finds out what there is in a folder.
func lookAround(dir string) (project, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return project{}, fmt.Errorf("dir %q: want the folder of the shop", dir)
	}

	var p project
	for _, k := range known {
		text, err := input.ReadFile(filepath.Join(dir, k.file))
		if err != nil {
			continue
		}
		p = k.read(dir, string(text))
		p.kind = k.file
		break
	}
	if p.kind == "" {
		p = readAlone(dir)
	}
	p.order, p.state = routes(dir)
	return p, nil
}

// alone is how a shop is started that is one file, by the ending of its name.
var alone = []struct {
	ending  string
	command func(file string) []string
}{
	{".py", func(file string) []string { return []string{"python3", file} }},
	{".js", func(file string) []string { return []string{"node", file} }},
	{".mjs", func(file string) []string { return []string{"node", file} }},
	{".php", func(file string) []string { return []string{"php", "-S", "127.0.0.1:{{port}}", file} }},
}

// readAlone knows a shop that is one file in a folder of its own.
func readAlone(dir string) project {
	var found []project
	for _, a := range alone {
		files, _ := filepath.Glob(filepath.Join(globbed(dir), "*"+a.ending)) // the pattern is a right one
		for _, file := range files {
			name := filepath.Base(file)
			found = append(found, project{kind: name, command: a.command(name)})
		}
	}
	if len(found) != 1 {
		return project{}
	}
	return found[0]
}

// globbed is a folder as a pattern that finds it alone.
func globbed(dir string) string { return regexp.MustCompile(`[*?\[\\]`).ReplaceAllString(dir, `\$0`) }

func readNode(_, text string) project {
	var described struct {
		Main    string
		Scripts map[string]string
	}
	_ = json.Unmarshal([]byte(text), &described) // one that cannot be read tells nothing

	switch {
	case described.Scripts["start"] != "":
		return project{command: []string{"npm", "start"}}
	case described.Scripts["dev"] != "":
		return project{command: []string{"npm", "run", "dev"}}
	case described.Main != "":
		return project{command: []string{"node", described.Main}}
	}
	return project{}
}

func readPHP(dir, _ string) project {
	switch {
	case there(dir, "artisan"):
		return project{command: []string{"php", "artisan", "serve", "--host=127.0.0.1", "--port={{port}}"}}
	case there(dir, "public/index.php"):
		return project{command: []string{"php", "-S", "127.0.0.1:{{port}}", "-t", "public", "public/index.php"}}
	case there(dir, "index.php"):
		return project{command: []string{"php", "-S", "127.0.0.1:{{port}}", "index.php"}}
	}
	return project{}
}

func readDjango(string, string) project {
	return project{command: []string{"python3", "manage.py", "runserver", "--noreload", "127.0.0.1:{{port}}"}}
}

func readMaven(dir, text string) project {
	maven := "mvn"
	if there(dir, "mvnw") {
		maven = "./mvnw"
	}

	switch {
	case strings.Contains(text, "spring-boot"):
		return project{command: []string{maven, "-q", "spring-boot:run"}, env: "SERVER_PORT"}
	case strings.Contains(text, "quarkus"):
		return project{command: []string{maven, "-q", "quarkus:dev"}, env: "QUARKUS_HTTP_PORT"}
	}
	return project{command: []string{maven, "-q", "exec:java"}}
}

func readGo(dir, _ string) project {
	if !there(dir, "main.go") {
		if mains, _ := filepath.Glob(filepath.Join(dir, "cmd", "*", "main.go")); len(mains) == 1 {
			return project{command: []string{"go", "run", "./cmd/" + filepath.Base(filepath.Dir(mains[0]))}}
		}
	}
	return project{command: []string{"go", "run", "."}}
}

func there(dir, file string) bool {
	_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(file)))
	return err == nil
}

// How frameworks write down what a path is for, in the source of a shop.
var (
	posts = regexp.MustCompile(`(?i)(?:\.post\(|::post\(|PostMapping\(|POST )\s*["'` + "`" + `]?(/[^"'` + "`" +
		`\s)]*)`)
	gets = regexp.MustCompile(`(?i)(?:\.get\(|::get\(|GetMapping\(|GET )\s*["'` + "`" + `]?(/[^"'` + "`" + `\s)]*)`)

	// such as :id, {id}, <id> and <int:id>
	parameter = regexp.MustCompile(`:\w+|\{\w+\}|<[\w:]+>`)
	sells     = regexp.MustCompile(`(?i)order|checkout|siparis|sale|purchase|buy|basket|cart`)
)

// mostRead is how many files of a shop are searched for routes, each of at most mostSource bytes.
const (
	mostRead   = 500
	mostSource = 512 << 10
)

// routes finds the path to which orders go, and the one that shows an order. Empty: not found.
func routes(dir string) (order, state string) {
	var posted, shown []string
	files := 0
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // nobody may read it
		case entry.IsDir():
			if path != dir && isForeign(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		case !slices.Contains(sourceFiles, strings.ToLower(filepath.Ext(path))):
			return nil
		}

		if files++; files > mostRead {
			return fs.SkipAll
		}
		text, err := input.ReadFile(path)
		if err != nil || len(text) > mostSource {
			return nil
		}
		posted = append(posted, pathsIn(posts, text)...)
		shown = append(shown, pathsIn(gets, text)...)
		return nil
	})

	for _, path := range posted {
		if order == "" && !parameter.MatchString(path) {
			order = path
		}
	}
	for _, path := range shown {
		if state == "" && len(parameter.FindAllString(path, -1)) == 1 {
			state = parameter.ReplaceAllLiteralString(path, "{{orderId}}")
		}
	}
	return order, state
}

// pathsIn are the paths about orders, and about nothing that PayPorter calls.
func pathsIn(pattern *regexp.Regexp, source []byte) []string {
	var paths []string
	for _, match := range pattern.FindAllSubmatch(source, -1) {
		path := string(match[1])
		if sells.MatchString(path) && !strings.Contains(path, "callback") && !strings.HasPrefix(path, "/api/checkout") {
			paths = append(paths, path)
		}
	}
	return paths
}
