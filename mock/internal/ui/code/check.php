<?php
// $body is the raw body: file_get_contents('php://input').
function genuine(string $secret, array $headers, string $body): bool
{
    $expected = hash_hmac('sha256', $headers['x-request-time'] . ':' . $body, $secret);
    return hash_equals($expected, $headers['x-request-signature'] ?? '');
}
