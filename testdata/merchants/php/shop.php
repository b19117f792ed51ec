<?php
// A shop that takes payments on PayPorter's hosted page, with PHP 8.1 and its curl extension: create a
// checkout, send the customer to its redirectUrl, take the callback, ask for the status. Each order is a
// file; yours belong in a database.
//
// This file answers the requests, in any PHP server. serve.php runs it on PHP's own.
declare(strict_types=1);

const PATIENCE = 3; // seconds; a callback wants its answer within 5
const MAX_BODY = 64 * 1024; // bytes

/** Why the caller gets no for an answer, with the status that says so. */
class Refused extends Exception
{
    public function __construct(public int $status, string $message, public array $details = [])
    {
        parent::__construct($message);
    }
}

/** PayPorter could not be asked, or its answer not be understood. That is never a payment. */
class Unreachable extends Exception
{
}

/** 1. The customer orders. A real shop knows its prices; it never takes one from the customer. */
function order(): array
{
    $wanted = json_decode(body(), true);
    $amount = $wanted['amount'] ?? null;
    $currency = $wanted['currency'] ?? null;
    if (!(is_int($amount) || is_float($amount)) || $amount <= 0 || !is_string($currency)) {
        throw new Refused(400, 'want {"amount": 100.50, "currency": "TRY"}');
    }
    // PHP's floats hold every amount of up to 15 digits, and json_encode writes the digits that were
    // read: 100.1 stays 100.1 (serialize_precision is -1). They are never calculated with.
    $order = [
        'orderId' => 'ORD-' . bin2hex(random_bytes(16)), 'amount' => $amount, 'currency' => $currency,
        'status' => 'pending', 'fulfilments' => 0, 'checkoutId' => null, 'redirectUrl' => null,
    ];
    change($order['orderId'], fn() => $order); // first, because a callback can overtake the answer
    return toPay($order['orderId']);
}

/** 2. Send the customer to redirectUrl, unchanged. */
function toPay(string $orderId): array
{
    try {
        // Who asks twice at once gets one link, not two that can both be paid.
        $redirectUrl = alone("$orderId.linking", fn() => linkTo($orderId));
        return ['orderId' => $orderId, 'redirectUrl' => $redirectUrl];
    } catch (Unreachable $err) {
        error_log("$orderId: {$err->getMessage()}");
        throw new Refused(502, 'no payment can be taken now: try POST /orders/{id}/pay again', ['orderId' => $orderId]);
    }
}

/** Where the order can be paid: on the link it has, or on a new one where that is over. */
function linkTo(string $orderId): string
{
    $order = find($orderId);
    if ($order['checkoutId'] !== null) { // a callback can be lost
        $order = settle($orderId, $order['checkoutId'], ask('GET', "/api/checkout/{$order['checkoutId']}"));
    }
    if ($order['status'] === 'paid') {
        throw new Refused(409, 'this order is paid');
    }
    if ($order['redirectUrl'] !== null) {
        return $order['redirectUrl'];
    }
    $made = ask('POST', '/api/checkout', [
        'orderId' => $orderId,
        'amount' => $order['amount'],
        'currency' => $order['currency'],
        'callback' => "http://{$_SERVER['SERVER_NAME']}:{$_SERVER['SERVER_PORT']}/payment-callback",
    ]);
    file_put_contents(path($made['checkoutId']), $orderId); // the order it is for
    change($orderId, fn($order) => [...$order, 'checkoutId' => $made['checkoutId'], 'redirectUrl' => $made['redirectUrl']]);
    return $made['redirectUrl'];
}

/** 3. The callback is not signed, so it proves nothing: it only says which checkout to ask about. */
function callback(): array
{
    body(); // not too long?
    $checkoutId = $_POST['checkoutId'] ?? null;
    if (!is_string($checkoutId) || !preg_match('/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iD', $checkoutId)) {
        throw new Refused(400, 'checkoutId must be a UUID');
    }
    $payment = ask('GET', "/api/checkout/$checkoutId");
    $orderId = find((string) ($payment['orderId'] ?? ''))['orderId'];
    if (is_file(path($checkoutId)) && file_get_contents(path($checkoutId)) !== $orderId) {
        throw new Refused(404, 'there is no such order');
    }
    settle($orderId, $checkoutId, $payment);
    return ['message' => 'thank you'];
}

/** 4. Believe the status, once, and only if it is about this order's money. */
function settle(string $orderId, string $checkoutId, array $payment): array
{
    return change($orderId, function (array $order) use ($checkoutId, $payment): array {
        $status = $payment['status'] ?? null;
        if ($order['status'] === 'paid') {
            return $order; // callbacks come more than once, and in any order
        }
        if ($status === 'SUCCESS') {
            if (!isAbout($order, $payment)) {
                error_log("{$order['orderId']}: paid " . json_encode($payment)); // for a person to look at
                return $order;
            }
            $order['status'] = 'paid';
            $order['fulfilments']++; // ship it
        } elseif (in_array($status, ['FAILED', 'REJECTED', 'CANCELLED'], true)) {
            $order['status'] = 'failed'; // until the customer tries again: after FAILED on the same link
            if ($status !== 'FAILED' && $checkoutId === $order['checkoutId']) {
                $order['redirectUrl'] = null; // this link is over
            }
        } // whatever else it says, it is not decided yet
        return $order;
    });
}

/** Is the payment the order's, all of it, in its currency? 250 and 250.00 are the same, "250" is no number. */
function isAbout(array $order, array $payment): bool
{
    $amount = $payment['amount'] ?? null;
    return ($payment['orderId'] ?? null) === $order['orderId']
        && (is_int($amount) || is_float($amount)) && (float) $amount === (float) $order['amount']
        && ($payment['currency'] ?? null) === $order['currency'];
}

/** Call PayPorter. */
function ask(string $method, string $path, ?array $json = null): array
{
    $curl = curl_init((getenv('PAYPORTER_BASE_URL') ?: 'http://127.0.0.1:8080') . $path);
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => [
            'Content-Type: application/json',
            'X-API-KEY: ' . (getenv('PAYPORTER_API_KEY') ?: 'test_key'),
            'X-API-SECRET: ' . (getenv('PAYPORTER_API_SECRET') ?: 'test_secret'),
        ],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => PATIENCE,
    ] + ($json === null ? [] : [CURLOPT_POSTFIELDS => json_encode($json, JSON_THROW_ON_ERROR)]));
    $body = curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($body !== false && $status === 404 && $method === 'GET') {
        throw new Refused(404, 'there is no such checkout');
    }
    $answer = is_string($body) ? json_decode($body, true) : null;
    if ($status !== 200 || !is_array($answer)) {
        throw new Unreachable($body === false ? curl_error($curl) : "PayPorter answered $status");
    }
    return $answer;
}

/** The request's body, if it is not too long. */
function body(): string
{
    $body = file_get_contents('php://input', length: MAX_BODY + 1);
    if (strlen($body) > MAX_BODY) {
        throw new Refused(413, 'the body is too long');
    }
    return $body;
}

function find(string $orderId): array
{
    $found = is_file(path($orderId)) ? alone($orderId, fn() => json_decode(file_get_contents(path($orderId)), true)) : null;
    return $found ?? throw new Refused(404, 'there is no such order');
}

/** Changes the order while nobody else does. This is what makes a customer be served once. */
function change(string $orderId, callable $to): array
{
    return alone($orderId, function () use ($orderId, $to): array {
        $order = is_file(path($orderId)) ? json_decode(file_get_contents(path($orderId)), true) : [];
        $changed = $to($order);
        file_put_contents(path($orderId), json_encode($changed, JSON_THROW_ON_ERROR));
        return $changed;
    });
}

/** Holds a lock that every process of this shop respects. */
function alone(string $name, callable $do): mixed
{
    $lock = fopen(path("$name.lock"), 'c');
    flock($lock, LOCK_EX);
    try {
        return $do();
    } finally {
        fclose($lock);
    }
}

/** Where something is kept; what is no name of ours is nowhere. */
function path(string $name): string
{
    if (!preg_match('/^[0-9A-Za-z.-]{1,100}$/D', $name)) {
        throw new Refused(404, 'there is no such order');
    }
    return (getenv('SHOP_DATA') ?: sys_get_temp_dir()) . "/$name";
}

function route(): array
{
    $path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
    $id = explode('/', $path)[2] ?? '';
    return match (true) {
        "{$_SERVER['REQUEST_METHOD']} $path" === 'GET /health' => ['status' => 'ok'],
        "{$_SERVER['REQUEST_METHOD']} $path" === 'POST /orders' => order(),
        "{$_SERVER['REQUEST_METHOD']} $path" === 'POST /payment-callback' => callback(),
        "{$_SERVER['REQUEST_METHOD']} $path" === "POST /orders/$id/pay" => toPay(find($id)['orderId']),
        "{$_SERVER['REQUEST_METHOD']} $path" === "GET /orders/$id" => array_intersect_key(
            find($id), ['orderId' => true, 'status' => true, 'fulfilments' => true]
        ),
        default => throw new Refused(404, 'there is no such page'),
    };
}

try {
    [$status, $answer] = [200, route()];
} catch (Refused $err) {
    [$status, $answer] = [$err->status, ['message' => $err->getMessage()] + $err->details];
} catch (Throwable $err) {
    error_log("{$_SERVER['REQUEST_URI']}: {$err->getMessage()}");
    // PayPorter cannot be asked now: 503, so that a callback is sent again later.
    [$status, $answer] = [503, ['message' => 'PayPorter could not be asked']];
}
http_response_code($status);
header('Content-Type: application/json');
echo json_encode($answer, JSON_UNESCAPED_SLASHES);
