<?php
// Runs shop.php on PHP's own server until it is told to end. That server answers one request at a time
// unless it has workers, and a shop that asks PayPorter while PayPorter waits for it needs two.
declare(strict_types=1);

posix_setpgid(0, 0); // the workers end with a signal to them all, which is for nobody else
$port = (int) (getenv('PORT') === false ? 3000 : getenv('PORT'));
if ($port === 0) { // a free one
    $probe = stream_socket_server('tcp://127.0.0.1:0');
    $port = (int) substr(strrchr(stream_socket_get_name($probe, false), ':'), 1);
    fclose($probe);
}
$data = sys_get_temp_dir() . '/shop-' . bin2hex(random_bytes(8)); // the orders, as long as the shop runs
mkdir($data, 0700);

$server = proc_open(
    [PHP_BINARY, '-q', '-d', 'display_errors=0', '-S', "127.0.0.1:$port", __DIR__ . '/shop.php'],
    [1 => STDERR],
    $pipes,
    env_vars: ['PHP_CLI_SERVER_WORKERS' => '8', 'SHOP_DATA' => $data] + getenv(),
);

$ended = false;
pcntl_async_signals(true);
foreach ([SIGTERM, SIGINT] as $signal) {
    pcntl_signal($signal, function () use (&$ended) { $ended = true; });
}
$running = function () use (&$ended, $server) { return !$ended && proc_get_status($server)['running']; };
while ($running() && !($up = @fsockopen('127.0.0.1', $port))) {
    usleep(10_000);
}
if ($up ?? false) {
    fclose($up);
    echo "shop listens on http://127.0.0.1:$port\n";
}
while ($running()) {
    usleep(100_000); // a signal ends it early
}
pcntl_signal(SIGINT, SIG_IGN);
posix_kill(0, SIGINT);
proc_close($server);
array_map(unlink(...), glob("$data/*"));
rmdir($data);
