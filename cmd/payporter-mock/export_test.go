package main

// Main is the program, for scripts that run it as a command of its own.
var Main = main
