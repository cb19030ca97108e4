extension Script {
    /// Nudges the proxies, and asks the endpoint until it shows the certificate.
    static func lines(for uptake: Uptake, at site: Site) -> [String] {
        let folder = uptake.registration.folder
        let (address, host) = dialled(uptake.registration)
        let name = uptake.registration.servername.map { " -servername \($0)" } ?? ""
        let look =
            "openssl s_client -connect \"\(host)\"\(name) -CAfile \("\(folder)/ca.pem".shellQuoted) "
            + "-cert \("\(folder)/cert.pem".shellQuoted) -key \("\(folder)/key.pem".shellQuoted)"
        let print = "openssl x509 -noout -fingerprint -sha256"
        let forward = uptake.tunnel.map { ["\($0.kubectl.portForward($0)) &", "FORWARD=$!"] } ?? []
        return nudge(site) + forward + address + [
            "WANTED=$(\(print) -in \(uptake.certificate.shellQuoted))",
            "until [ \"$(\(look) </dev/null 2>/dev/null | \(print))\" = \"$WANTED\" ]; do sleep 1; done",
        ] + (forward.isEmpty ? [] : ["kill \"$FORWARD\""])
    }

    static func nudge(_ site: Site) -> [String] {
        ["\(site.kubectl.annotateProxies(of: site, with: "NOW"))".replacing("=NOW", with: "=\"$(date +%s)\"")]
    }
}
