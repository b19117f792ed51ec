package main

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// The bounds of what is written to a stream that nobody may be reading.
const (
	logRoom  = 256 << 10              // bytes of log lines that wait to be written
	logPiece = 4 << 10                // bytes written at a time: what a pipe takes in one piece
	logWait  = time.Second            // how long a line waits for room
	logFlush = 400 * time.Millisecond // how long the last lines may take at the end
	logPause = time.Millisecond       // between two writes, unless more waits than is written at a time
)

// logOutput writes log lines to a stream without ever stopping whoever logs. Lines wait in memory, in their order, for
// a goroutine that writes them. A line that finds no room waits for a second, which a reader needs a small part of; if
// there is none then, it and those after it are dropped until half of the room is free, and a line says how many.
type logOutput struct {
	stream io.Writer
	notice func(dropped int) []byte // the line that says it; set before the first line is written
	screen screen                   // what stream is; set before, too

	turn sync.Mutex // held by the one that writes a line, so that only one waits

	mu      sync.Mutex // guards all below
	pieces  [][]byte   // lines that wait, oldest first
	spare   []byte     // a piece to use again; nil: there is none
	size    int        // of pieces, in bytes
	dropped int        // lines since the last that was taken; zero: lines are taken
	closed  bool

	more  chan struct{} // there is something to write, or the end
	room  chan struct{} // something has been taken out
	ended chan struct{} // closed when all is written
}

// newLogOutput makes an output, which Close ends.
func newLogOutput(stream io.Writer) *logOutput {
	o := &logOutput{
		stream: stream, more: make(chan struct{}, 1), room: make(chan struct{}, 1), ended: make(chan struct{}),
		notice: func(int) []byte { return nil },
	}
	go o.write()
	return o
}

// Write takes one line. It never answers an error: there is nobody to tell.
func (o *logOutput) Write(line []byte) (int, error) {
	o.turn.Lock()
	defer o.turn.Unlock()
	if o.take(line) {
		return len(line), nil
	}

	timer := time.NewTimer(logWait)
	defer timer.Stop()
	for waits := true; waits; {
		select {
		case <-o.room:
			waits = !o.take(line)
		case <-timer.C:
			o.drop()
			waits = false
		case <-o.ended:
			waits = false
		}
	}
	return len(line), nil
}

// take puts the line behind the others. It reports false when the line may wait for room.
func (o *logOutput) take(line []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()

	switch {
	case o.closed:
		return true
	case o.dropped > 0:
		o.dropped++
		return true
	case o.size > 0 && o.size+len(line) > logRoom:
		return false
	}

	o.putLocked(line)
	return true
}

func (o *logOutput) drop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dropped++
}

func (o *logOutput) putLocked(line []byte) {
	last := len(o.pieces) - 1
	if last < 0 || len(o.pieces[last])+len(line) > logPiece {
		piece := o.spare
		if o.spare = nil; cap(piece) < len(line) {
			piece = make([]byte, 0, max(logPiece, len(line)))
		}
		o.pieces = append(o.pieces, piece)
		last++
	}

	o.pieces[last] = append(o.pieces[last], line...)
	o.size += len(line)
	signal1(o.more)
}

// signal1 wakes the one that waits on c, now or the next time it does.
func signal1(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// write writes the lines until the output is closed and all of them are written.
func (o *logOutput) write() {
	defer close(o.ended)
	failed := 0 // lines that the stream did not take, since the last that it took
	for {
		piece, ok := o.next()
		if !ok {
			return
		}
		failed = o.pass(piece, failed)
		if len(piece) < logPiece/2 { // nothing more waits: the next lines gather, for a write costs more than a line
			time.Sleep(logPause)
		}
		o.useAgain(piece)
	}
}

// pass writes a piece, after the word on the lines before it that failed. It answers how many have failed now.
func (o *logOutput) pass(piece []byte, failed int) int {
	if failed > 0 {
		if _, err := o.stream.Write(o.notice(failed)); err != nil {
			return failed + bytes.Count(piece, []byte("\n"))
		}
	}
	written, err := o.stream.Write(piece)
	if err == nil {
		return 0
	}
	return bytes.Count(piece[min(max(written, 0), len(piece)):], []byte("\n"))
}

// useAgain keeps a piece that has been written.
func (o *logOutput) useAgain(piece []byte) {
	if cap(piece) != logPiece {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.spare = piece[:0]
}

// next takes out what is to be written next, and waits for it. Not ok: nothing will come any more.
func (o *logOutput) next() (piece []byte, ok bool) {
	for {
		o.mu.Lock()
		if o.dropped > 0 && o.size <= logRoom/2 {
			dropped := o.dropped
			o.dropped = 0
			o.putLocked(o.notice(dropped))
		}

		if len(o.pieces) > 0 {
			piece = o.pieces[0]
			o.pieces[0] = nil
			o.pieces = o.pieces[1:]
			o.size -= len(piece)
			o.mu.Unlock()
			signal1(o.room)
			return piece, true
		}

		closed := o.closed
		o.mu.Unlock()
		if closed {
			return nil, false
		}
		<-o.more
	}
}

// Close writes what waits, for as long as somebody reads it, and at most for a moment.
func (o *logOutput) Close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	signal1(o.more)
	timer := time.NewTimer(logFlush)
	defer timer.Stop()
	select {
	case <-o.ended:
	case <-timer.C: // nobody reads
	}
}
