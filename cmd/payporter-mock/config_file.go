package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/internal/input"
	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// configFlag names the file that gives values to the other flags.
const configFlag = "config"

// configFile reads the file of --config.
type configFile struct {
	name    string
	env     environment
	command *cli.Command
	yaml    yamlfile.Reader
	places  places
	faults  []error
}

// places is where a config file gives each flag its value, as file:line:column.
type places map[string]string

// readConfigFile gives the values of the file of --config to the flags that neither the command line nor the
// environment has set. It answers where in the file they stand; none without --config.
func readConfigFile(c *cli.Command, env environment) (places, error) {
	name := c.String(configFlag)
	if name == "" {
		return nil, nil
	}
	source, err := input.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", configFlag, err)
	}

	f := &configFile{name: name, env: env, command: c, places: places{}}
	f.yaml.Report = f.report
	begin := "begin with a flag of serve, such as addr: 127.0.0.1:9000"
	if root := f.yaml.Document(source, "a config file", begin); root != nil {
		if v, ok := f.yaml.Value(root, "the file"); ok && !yamlfile.IsMapping(root) {
			f.yaml.Want(v, "a mapping of flags and their values", "write addr: 127.0.0.1:9000")
		} else if ok {
			v.Path = ""
			f.yaml.Mapping(v, configKeys(c.Flags), f.set)
		}
	}
	return f.places, errors.Join(f.faults...)
}

// configKeys are the flags that a file can give a value, by their names, in the order of the help.
func configKeys(flags []cli.Flag) (names []string) {
	for _, f := range flags {
		if name := f.Names()[0]; name != configFlag && name != cli.HelpFlag.Names()[0] {
			names = append(names, name)
		}
	}
	return names
}

func (f *configFile) report(fault yamlfile.Fault) {
	said := fault.Message
	if fault.Hint != "" {
		said += ", " + fault.Hint
	}
	f.faults = append(f.faults, fmt.Errorf("%s: %s", f.at(fault.Place), said))
}

func (f *configFile) at(p yamlfile.Place) string {
	return fmt.Sprintf("%s:%d:%d", f.name, p.Line, p.Column)
}

// set gives the value of a key to its flag.
func (f *configFile) set(name string, v yamlfile.Value) {
	flag := flagNamed(f.command.Flags, name)
	kind, values := kindOf(flag), []yamlfile.Value{v}
	if kind.many && yamlfile.IsList(v.Node) {
		values = f.yaml.Entries(v)
	}

	var given []string
	for _, one := range values {
		text, ok := f.text(one, kind)
		if !ok {
			return
		}
		if text != "" { // as an empty variable, it counts as none
			given = append(given, text)
		}
	}

	if f.command.IsSet(name) {
		return // by the command line or the environment
	}
	f.places[name] = f.at(v.Place())
	for _, text := range given {
		if err := f.command.Set(name, text); err != nil {
			f.yaml.Want(v, kind.words, kind.hint)
			return
		}
	}
}

// text reads one value, with the variables in it.
func (f *configFile) text(v yamlfile.Value, kind flagKind) (string, bool) {
	if yamlfile.IsMapping(v.Node) || yamlfile.IsList(v.Node) || yamlfile.IsNull(v.Node) {
		f.yaml.Want(v, kind.words, "")
		return "", false
	}

	text, fault, hint := f.expand(v.Node.Value)
	if fault != "" {
		f.yaml.Report(yamlfile.Fault{Place: v.Place(), Path: v.Path, Message: v.Path + ": " + fault, Hint: hint})
		return "", false
	}
	if text != "" && !kind.takes(text) {
		f.yaml.Want(v, kind.words, kind.hint)
		return "", false
	}
	return text, true
}

// variables finds ${NAME}, and $${, which stands for ${ itself.
var variables = regexp.MustCompile(`\$\$\{|\$\{([^}]*)\}?`)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand puts in the values of variables.
func (f *configFile) expand(text string) (expanded, fault, hint string) {
	expanded = variables.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$${" {
			return "${"
		}

		name := strings.TrimSuffix(strings.TrimPrefix(found, "${"), "}")
		value, ok := f.env(name)
		switch {
		case !strings.HasSuffix(found, "}") || !variableName.MatchString(name):
			fault, hint = "want ${NAME} with the name of a variable of the environment", "write $${ for the characters ${"
		case !ok:
			fault, hint = "the variable "+name+" is not set", "set it, or write the value"
		}
		return value
	})
	return expanded, fault, hint
}

// explain puts the place before what is wrong with a value of the file. Faults begin with the name of their flag.
func (p places) explain(err error) error {
	var scenes scenarios.Errors
	if err == nil || len(p) == 0 || errors.As(err, &scenes) {
		return err
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, one := range joined.Unwrap() {
			all = append(all, p.explain(one))
		}
		return errors.Join(all...)
	}

	name := err.Error()
	if end := strings.IndexAny(name, " :"); end >= 0 {
		name = name[:end]
	}
	if place, ok := p[name]; ok {
		return fmt.Errorf("%s: %w", place, err)
	}
	return err
}

// flagNamed is the flag with the name; nil: there is none.
func flagNamed(flags []cli.Flag, name string) cli.Flag {
	at := slices.IndexFunc(flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
	if at < 0 {
		return nil
	}
	return flags[at]
}
