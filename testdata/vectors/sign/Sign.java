import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhooks: reads lines of secret, x-request-time and body, the first and the last in hexadecimal, and writes the
 * signature of each.
 */
public class Sign {
    public static void main(String[] args) throws Exception {
        HexFormat hex = HexFormat.of();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split(" ", -1);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hex.parseHex(parts[0]), "HmacSHA256"));
            mac.update((parts[1] + ":").getBytes());
            System.out.println(hex.formatHex(mac.doFinal(hex.parseHex(parts[2]))));
        }
    }
}
