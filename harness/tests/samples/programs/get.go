// Downloads with net/http: `get KIND URL`.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

func get(url string) (int64, error) {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("unexpected status: %s", response.Status)
	}
	n, err := io.Copy(io.Discard, response.Body)
	if err != nil {
		return n, fmt.Errorf("reading body: %w", err)
	}
	return n, nil
}

func main() {
	kind, url := os.Args[1], os.Args[2]
	if kind == "once" {
		n, err := get(url)
		if err != nil {
			fmt.Fprintf(os.Stderr, "get: %v\n", err)
			os.Exit(1)
		}
		fmt.Println(n, "bytes")
		return
	}
	const attempts = 3
	var err error
	for attempt := 1; attempt <= attempts; attempt++ {
		var n int64
		if n, err = get(url); err == nil {
			fmt.Println(n, "bytes")
			return
		}
		log.Printf("attempt %d/%d failed: %v", attempt, attempts, err)
		time.Sleep(100 * time.Millisecond)
	}
	if kind == "panic" {
		panic(fmt.Errorf("could not install app: giving up after %d attempt(s): %w", attempts, err))
	}
	log.Fatalf("could not install app: giving up after %d attempt(s): %v", attempts, err)
}
