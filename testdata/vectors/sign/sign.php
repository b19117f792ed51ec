<?php
// Signs webhooks: reads lines of secret, x-request-time and body, the first and the last in hexadecimal, and writes the
// signature of each.
while (($line = fgets(STDIN)) !== false) {
    [$secret, $requestTime, $body] = explode(' ', rtrim($line, "\n"));
    echo hash_hmac('sha256', $requestTime . ':' . hex2bin($body), hex2bin($secret)), "\n";
}
