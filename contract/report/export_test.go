package report

// Heeding is what becomes of a terminal in an environment. A test has no terminal to ask TerminalOf about.
func Heeding(t Terminal, env Env) Terminal { return t.heeding(env) }

// PageScript is the script of the HTML form.
var PageScript = pageScript
