package main

// Main is the program, for scripts that run it as a command of its own.
var Main = main

// NewLogOutput makes the output of a log.
var NewLogOutput = newLogOutput
