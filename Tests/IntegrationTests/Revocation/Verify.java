import java.io.FileInputStream;
import java.security.cert.*;
import java.util.*;

/** Verifies a certificate with CRLs, or without any by OCSP, as Java's PKIX does: LEAF ROOT AUTHORITIES [CRLS]. */
public class Verify {
    public static void main(String[] arguments) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate leaf = (X509Certificate) factory.generateCertificate(new FileInputStream(arguments[0]));
        X509Certificate root = (X509Certificate) factory.generateCertificate(new FileInputStream(arguments[1]));
        List<Object> all = new ArrayList<>(factory.generateCertificates(new FileInputStream(arguments[2])));
        if (arguments.length > 3) all.addAll(factory.generateCRLs(new FileInputStream(arguments[3])));
        all.add(leaf);
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(leaf);
        PKIXBuilderParameters parameters =
            new PKIXBuilderParameters(Set.of(new TrustAnchor(root, null)), target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
        parameters.setRevocationEnabled(true);
        CertPathBuilder builder = CertPathBuilder.getInstance("PKIX");
        if (arguments.length == 3) {
            PKIXRevocationChecker checker = (PKIXRevocationChecker) builder.getRevocationChecker();
            checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        builder.build(parameters);
    }
}
