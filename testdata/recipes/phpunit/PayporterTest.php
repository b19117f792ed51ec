<?php
use PHPUnit\Framework\TestCase;

final class PayporterTest extends TestCase
{
    private static $process;
    private static string $url;

    public static function setUpBeforeClass(): void
    {
        $program = getenv('PAYPORTER_MOCK') ?: 'payporter-mock';
        $command = [$program, 'serve', '--addr', '127.0.0.1:0', '--log-format', 'json', '--log-level', 'warn'];
        self::$process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
        self::$url = json_decode(fgets($pipes[1]))->url; // give it to your shop as PAYPORTER_BASE_URL
    }

    public static function tearDownAfterClass(): void
    {
        proc_terminate(self::$process);
        proc_close(self::$process);
    }

    /** Calls the sandbox with an API key that is the test's own: keys that begin with test_ need no set-up. */
    private function call(string $path, ?array $body = null): object
    {
        $answer = file_get_contents(self::$url . $path, false, stream_context_create(['http' => [
            'method' => $body === null ? 'GET' : 'POST',
            'header' => ['X-API-KEY: test_' . $this->getName(), 'X-API-SECRET: any secret', 'Content-Type: application/json'],
            'content' => $body === null ? '' : json_encode((object) $body),
        ]]));
        return json_decode($answer);
    }

    public function testACardIsDeclinedAndTheNextOnePays(): void
    {
        $made = $this->call('/api/checkout', [
            'orderId' => 'ORD-1', 'amount' => 100.5, 'currency' => 'TRY', 'callback' => 'http://127.0.0.1:9/payment-callback',
        ]);
        $this->call("/_mock/checkouts/{$made->checkoutId}/pay", ['card' => '4111111111111129']);
        self::assertSame('51', $this->call("/api/checkout/{$made->checkoutId}")->resultCode);
        $this->call("/_mock/checkouts/{$made->checkoutId}/pay", []);
        self::assertSame('SUCCESS', $this->call("/api/checkout/{$made->checkoutId}")->status);
    }
}
