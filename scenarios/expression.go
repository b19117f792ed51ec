package scenarios

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// Expression is a condition written in the language of expr-lang.org. Its zero value always holds.
type Expression struct {
	source  string
	program *vm.Program
	paying  bool // mentions what is known only once the customer pays

	steps int // of the regular expressions in it
}

// Any reports whether the expression always holds because there is none.
func (e Expression) Any() bool { return e.program == nil }

// String is the expression as it was written.
func (e Expression) String() string { return e.source }

// Bounds of an expression. Whatever it does, it ends soon and holds little.
const (
	longestExpression = 2_000  // characters
	mostNodes         = 200    // of its syntax tree
	mostMemory        = 10_000 // values of the lists that one evaluation makes
	mostSteps         = 1_000  // rounds of all loops of one evaluation, fewer on texts of more than 1,000 bytes
)

// errEndless is how an evaluation is cut off.
var errEndless = errors.New("its loops take too long")

// variables are what an expression can speak of.
type variables struct {
	OrderID          string  `expr:"orderId"`
	CustomerID       string  `expr:"customerId"`
	Description      string  `expr:"description"`
	Currency         string  `expr:"currency"`
	Amount           float64 `expr:"amount"`
	Card             string  `expr:"card"`
	InstallmentCount int     `expr:"installmentCount"`
	Attempt          int     `expr:"attempt"`

	// Step is called in each round of each loop.
	Step func() (bool, error) `expr:"__step"`
}

// payingNames are the variables that are not known before the customer pays.
func payingNames() []string { return []string{"card", "installmentCount", "attempt"} }

func variableNames() []string {
	return append([]string{"orderId", "customerId", "description", "currency", "amount"}, payingNames()...)
}

// functions are the built-in functions that an expression may use: none that reads the clock, the
// time zones or the environment, and none that makes something larger than what it is given.
func functions() []string {
	return []string{
		"all", "any", "none", "one", "filter", "find", "findIndex", "findLast", "findLastIndex", "count",
		"len", "abs", "ceil", "floor", "round", "int", "float", "string", "max", "min", "first", "last",
		"trim", "trimPrefix", "trimSuffix", "upper", "lower", "split", "indexOf", "lastIndexOf", "hasPrefix", "hasSuffix",
	}
}

// compileExpression reads an expression that answers yes or no. Its fault is nil if all is well.
func compileExpression(source string) (Expression, *file.Error) {
	if len(source) > longestExpression {
		return Expression{}, &file.Error{Message: "it has more than " + strconv.Itoa(longestExpression) + " characters"}
	}

	steps := regexpSteps(source)
	if steps > mostRegexpSteps {
		return Expression{}, &file.Error{Message: "its regular expressions have more than " + strconv.Itoa(mostRegexpSteps) +
			" steps"}
	}

	look := &inspector{}
	options := []expr.Option{
		expr.Env(variables{}), expr.AsBool(), expr.MaxNodes(mostNodes), expr.Patch(look),
		expr.DisableAllBuiltins(),
	}
	for _, name := range functions() {
		options = append(options, expr.EnableBuiltin(name))
	}

	program, err := expr.Compile(source, options...)
	if look.fault != nil {
		return Expression{}, look.fault.Bind(file.NewSource(source))
	}
	if err != nil {
		return Expression{}, asFileError(err)
	}

	return Expression{source: source, program: program, paying: look.paying, steps: steps}, nil
}

// regexpSteps counts the steps of the regular expressions of an expression, before anything compiles them.
func regexpSteps(source string) int {
	tree, err := parser.Parse(source)
	if err != nil {
		return 0 // the compiler says it better
	}
	var count regexpCounter
	ast.Walk(&tree.Node, &count)
	return int(count)
}

// regexpCounter sums the steps of regular expressions.
type regexpCounter int

// Visit is called for each node.
func (c *regexpCounter) Visit(node *ast.Node) {
	n, ok := (*node).(*ast.BinaryNode)
	if !ok || n.Operator != "matches" {
		return
	}
	if pattern, ok := n.Right.(*ast.StringNode); ok {
		*c += regexpCounter(stepsOf(pattern.Value))
	}
}

func asFileError(err error) *file.Error {
	var fault *file.Error
	if errors.As(err, &fault) {
		return fault
	}
	return &file.Error{Message: err.Error()}
}

// inspector looks at each node of a syntax tree: it refuses what has no bounds, counts the rounds of
// loops, and finds out which variables are used.
type inspector struct {
	paying bool
	fault  *file.Error
}

// Visit is called for each node, the inner ones first.
func (i *inspector) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		i.identifier(n)
	case *ast.BinaryNode:
		i.binary(n)
	case *ast.PredicateNode:
		step := &ast.CallNode{Callee: &ast.IdentifierNode{Value: "__step"}}
		n.Node = &ast.SequenceNode{Nodes: []ast.Node{step, n.Node}}
	}
}

func (i *inspector) identifier(n *ast.IdentifierNode) {
	switch {
	case slices.Contains(payingNames(), n.Value):
		i.paying = true
	case n.Value == "$env" || n.Value == "__step":
		i.refuse(n, "unknown name "+n.Value)
	}
}

func (i *inspector) binary(n *ast.BinaryNode) {
	_, constant := n.Right.(*ast.StringNode)
	switch {
	case n.Operator == "+" && !(numeric(n.Left) && numeric(n.Right)):
		i.refuse(n, "+ adds numbers only")
	case n.Operator == "matches" && !constant:
		i.refuse(n, "the pattern after matches must be a text in quotes")
	}
}

func (i *inspector) refuse(n ast.Node, why string) {
	if i.fault == nil {
		i.fault = &file.Error{Location: n.Location(), Message: why}
	}
}

func numeric(n ast.Node) bool {
	t := n.Type()
	return t != nil && (t.Kind() == reflect.Int || t.Kind() == reflect.Float64)
}

// holds evaluates the expression. An error means that it was cut off or could not be evaluated.
func (e *Expression) holds(v *variables) (bool, error) {
	if e.program == nil {
		return true, nil
	}

	steps, weight := 0, 1+(len(v.OrderID)+len(v.CustomerID)+len(v.Description))/1_000
	weight += e.steps / 4 // each round may go through all of them
	v.Step = func() (bool, error) {
		if steps += weight; steps > mostSteps {
			return false, errEndless
		}
		return true, nil
	}
	machine := vm.VM{MemoryBudget: mostMemory}
	answer, err := machine.Run(e.program, v)
	if err != nil {
		return false, evaluationError(err)
	}

	yes, _ := answer.(bool)
	return yes, nil
}

// evaluationError leaves out the source, which is shown beside it anyway.
func evaluationError(err error) error {
	if errors.Is(err, errEndless) {
		return errEndless
	}
	fault := asFileError(err)
	if strings.Contains(fault.Message, "memory budget") {
		return errors.New("it makes lists of more than " + strconv.Itoa(mostMemory) + " values")
	}
	return errors.New(fault.Message)
}

// hintOfExpression helps with what people try in vain.
func hintOfExpression(message string) string {
	_, name, unknown := strings.Cut(message, "unknown name ")
	switch {
	case !unknown:
		return ""
	case slices.Contains([]string{"now", "date", "timezone", "duration"}, name):
		return "an expression cannot read the clock"
	}
	return wording.Hint(name, append(variableNames(), functions()...))
}
