<?php
// Envoi's unsubscribe endpoint for a web host with PHP 8.1 or later. Put this file where your unsubscribe link points
// (https://news.example.org/unsubscribe.php?t={{ token }}) and set these three. The folder must lie outside the site.
$folder = getenv('ENVOI_ENDPOINT_FOLDER') ?: '/home/you/envoi-tokens';
$secret = getenv('ENVOI_ENDPOINT_SECRET') ?: '';   // the same as in Envoi, at least 24 random characters
$name = getenv('ENVOI_ENDPOINT_NAME') ?: 'our newsletter';

function stop(int $status, string $why = ''): never { http_response_code($status); exit($why); }
if (strlen($secret) < 24) stop(500, 'The secret is not set.');
$log = fopen("$folder/unsubscribed.log", 'c+') ?: stop(503);
flock($log, LOCK_EX);
$head = fgets($log);
if ($head === false) {
    $head = 'envoi-tokens ' . bin2hex(random_bytes(16)) . "\n";
    fwrite($log, $head);
}
$id = substr(trim($head), 13);

if (isset($_GET['after'])) {   // Envoi asks: only with the secret, a fresh time and a number used once
    $form = '/^at=(\d{1,12}), nonce=([0-9a-f]{32}), mac=([0-9a-f]{64})$/';
    preg_match($form, $_SERVER['HTTP_X_ENVOI_SIGNATURE'] ?? '', $part) || stop(403, 'unsigned');
    [, $at, $nonce, $mac] = $part;
    hash_equals(hash_hmac('sha256', "{$_SERVER['QUERY_STRING']}\n$at\n$nonce", $secret), $mac) || stop(403, 'wrongSecret');
    abs(time() - (int)$at) <= 300 || stop(403, 'wrongTime');
    $used = is_file("$folder/nonces") ? file("$folder/nonces", FILE_IGNORE_NEW_LINES) : [];
    $used = array_filter($used, fn($line) => (int)$line > time() - 600);
    foreach ($used as $line) if (str_ends_with($line, " $nonce")) stop(403, 'replayed');
    file_put_contents("$folder/nonces", implode("\n", [...$used, time() . " $nonce"]) . "\n");
    $size = fstat($log)['size'];
    $next = ($_GET['log'] ?? '') === $id ? (int)$_GET['after'] : 0;
    if ($next < strlen($head) || $next > $size) $next = strlen($head);
    fseek($log, $next);
    $tokens = [];
    while (count($tokens) < 10000 && ($line = fgets($log)) !== false && str_ends_with($line, "\n")) {
        $next += strlen($line);
        if (preg_match('/^([\w-]{43}) (\d+)$/', $line, $part)) $tokens[] = ['token' => $part[1], 'at' => (int)$part[2]];
    }
    header('Content-Type: application/json');
    exit(json_encode(['log' => $id, 'next' => $next, 'more' => count($tokens) === 10000, 'tokens' => $tokens]));
}

$fr = str_starts_with($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? '', 'fr');
$list = '<strong>' . htmlspecialchars($name) . '</strong>';
$title = $fr ? 'Se désabonner' : 'Unsubscribe';
if ($_SERVER['REQUEST_METHOD'] === 'POST') {   // the only thing that unsubscribes; any token gets the same answer
    if (preg_match('/^[\w-]{43}$/D', is_string($_GET['t'] ?? '') ? $_GET['t'] ?? '' : '')) {
        fseek($log, -1, SEEK_END);
        $line = (fgetc($log) === "\n" ? '' : "\n") . $_GET['t'] . ' ' . (int)(microtime(true) * 1000) . "\n";
        if (fwrite($log, $line) !== strlen($line) || !fsync($log)) stop(503);
    }
    $body = $fr ? "<p>Vous êtes désabonné de $list.</p>" : "<p>You have been unsubscribed from $list.</p>";
} else {
    $body = ($fr ? "<p>Souhaitez-vous ne plus recevoir $list ?</p>" : "<p>Do you want to stop receiving $list?</p>")
        . "<form method=\"post\"><input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\"><button>$title</button></form>";
}
header("Content-Security-Policy: default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
header('Cache-Control: no-store');
echo '<!doctype html><html lang="' . ($fr ? 'fr' : 'en') . "\"><meta charset=\"utf-8\"><title>$title</title><h1>$title</h1>$body</html>";
