import FoundationEssentials
import MutualTLS

extension Query<[String: Sighting]> {
    /// The last time that each client was let in, by its name, as far back as the proxies' logs are kept.
    static func sightings(_ site: Site) -> Query {
        let command = site.kubectl.look(
            "logs", "--selector", Labels.pods(of: site, "proxy"), "--tail", "20000",
            "--max-log-requests", "20")
        return Query(command) { result throws(Failure) in
            let text = try result.text(else: "The log of the proxies cannot be read")
            var sightings: [String: Sighting] = [:]
            for line in text.split(separator: "\n") {
                guard let entry = AccessLogEntry(line) else { continue }
                if let known = sightings[entry.client], known.time >= entry.sighting.time { continue }
                sightings[entry.client] = entry.sighting
            }
            return sightings
        }
    }
}

/// A request in the proxy's access log. Lines of connections that became none are left out: what they say of the peer is
/// only claimed.
private struct AccessLogEntry {
    let client: String
    let sighting: Sighting

    private struct Request: Decodable {
        var time: String?
        var method: String?
        var peer_uri: String?
        var peer_serial: String?
        var tls_error: String?
    }

    init?(_ text: Substring) {
        guard text.hasPrefix("{"), let line = try? JSONDecoder().decode(Request.self, from: Data(text.utf8)),
            line.method != nil, line.tls_error == nil, let serial = line.peer_serial,
            let client = line.peer_uri.flatMap(ClientName.client), let time = line.time.flatMap(Self.date)
        else { return nil }
        self.client = client
        sighting = Sighting(time: time, serial: serial.lowercased())
    }

    private static func date(_ text: String) -> Date? {
        try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
    }
}
