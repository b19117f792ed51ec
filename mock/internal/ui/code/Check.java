import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Check {
    /** body is the raw body, before any JSON parser has read it. */
    static boolean genuine(String secret, Map<String, String> headers, byte[] body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        mac.update((headers.get("x-request-time") + ":").getBytes(UTF_8));
        String expected = HexFormat.of().formatHex(mac.doFinal(body));
        String sent = headers.getOrDefault("x-request-signature", "");
        return MessageDigest.isEqual(expected.getBytes(UTF_8), sent.getBytes(UTF_8));
    }
}
