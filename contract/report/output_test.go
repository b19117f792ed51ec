package report_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func TestParseOutput(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]report.Output{
		"junit=report.xml":  {Form: report.JUnit, Path: "report.xml"},
		"JSON=a/b=c.json":   {Form: report.JSON, Path: "a/b=c.json"},
		" html = page.html": {Form: report.HTML, Path: "page.html"},
	} {
		got, err := report.ParseOutput(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for text, want := range map[string]string{
		"juint=a.xml": `report "juint=a.xml": there is no form "juint"; there are junit, json and html, such as ` +
			`junit=report.xml`,
		"report.xml": `report "report.xml": there is no form "report.xml"; there are junit, json and html, such as ` +
			`junit=report.xml`,
		"":       `report "": there is no form ""; there are junit, json and html, such as junit=report.xml`,
		"junit":  `report "junit": name the file, too, such as junit=report.xml`,
		"json=":  `report "json=": name the file, too, such as json=report.json`,
		"html=-": `report "html=-": standard output has the table; name a file, such as html=report.html`,
	} {
		_, err := report.ParseOutput(text)
		require.EqualError(t, err, want)
	}
}

func TestParseOutputsTellsEveryMistake(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), nil, 0o644))
	require.NoError(t, os.Symlink("a", filepath.Join(dir, "b")))
	_, err := report.ParseOutputs([]string{
		"json=" + dir + "/a", "pdf=x", "html=" + dir + "/./a", "junit=" + dir + "/b",
		"json=c", "junit=./c", "json=d",
	})
	require.EqualError(t, err, strings.Join([]string{
		`report "pdf=x": there is no form "pdf"; there are junit, json and html, such as junit=report.xml`,
		`report "html=` + dir + `/./a": report "json=` + dir + `/a" goes to the same file; give each a file of its own`,
		`report "junit=` + dir + `/b": report "json=` + dir + `/a" goes to the same file; give each a file of its own`,
		`report "junit=./c": report "json=c" goes to the same file; give each a file of its own`,
	}, "\n"))

	outputs, err := report.ParseOutputs([]string{"json=c", "junit=d"})
	require.NoError(t, err)
	require.Equal(t, []report.Output{{Form: report.JSON, Path: "c"}, {Form: report.JUnit, Path: "d"}}, outputs)
}

func TestWriteReplacesFilesAsAWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := filepath.Join(dir, "kept.json")
	require.NoError(t, os.WriteFile(target, []byte("the last report, which was longer than any other"), 0o600))
	require.NoError(t, os.Symlink("kept.json", filepath.Join(dir, "report.json")))
	outputs := []report.Output{
		{report.JSON, filepath.Join(dir, "report.json")},
		{report.JUnit, filepath.Join(dir, "report.xml")},
		{report.HTML, filepath.Join(dir, "report.html")},
	}
	require.NoError(t, report.Write(sample(), outputs))

	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	require.Equal(t, []string{"kept.json", "report.html", "report.json", "report.xml"}, names, "nothing else is left")
	link, err := os.Readlink(filepath.Join(dir, "report.json"))
	require.NoError(t, err)
	require.Equal(t, "kept.json", link)

	file, err := os.Open(target)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	read, err := report.Read(file)
	require.NoError(t, err)
	require.Equal(t, report.NotOK, read.Verdict)
}

func TestWriteSaysWhereItCannot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	good := filepath.Join(dir, "good.json")
	err := report.Write(sample(), []report.Output{
		{report.JSON, filepath.Join(dir, "none", "a.json")},
		{report.JUnit, filepath.Join(file, "a.xml")},
		{report.HTML, dir},
		{"pdf", filepath.Join(dir, "a.pdf")},
		{report.JSON, good},
	})
	require.EqualError(t, err, strings.Join([]string{
		"write report " + dir + "/none/a.json: there is no folder " + dir + "/none; make it first",
		"write report " + file + "/a.xml: " + file + " is no folder",
		"write report " + dir + ": it is a folder; name a file in it",
		`write report ` + dir + `/a.pdf: there is no form "pdf"; there are junit, json and html`,
	}, "\n"))
	require.FileExists(t, good, "the others are written")
	require.NoFileExists(t, filepath.Join(dir, "a.pdf"))
}

// A run of a minute must not end with a report that cannot be written: one can ask before.
func TestCheckFindsOutBeforeTheRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, report.Output{Form: report.JSON, Path: filepath.Join(dir, "a.json")}.Check())
	require.NoError(t, report.Output{Form: report.JSON, Path: "a.json"}.Check())
	require.ErrorContains(t, report.Output{Form: report.JSON, Path: filepath.Join(dir, "b", "a.json")}.Check(),
		"make it first")
	require.NoFileExists(t, filepath.Join(dir, "a.json"))
}
