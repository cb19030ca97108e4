import FoundationEssentials
import MutualTLS

extension Query<[Facts.Caller]> {
    /// Whom the proxies have served within a day, by what they have written down of each request.
    static func callers(_ site: Site) -> Query {
        // A line for each request: the last ones tell enough, and do not take long.
        let command = site.kubectl(
            "logs", "--selector", Labels.pods(of: site, "proxy"), "--since", "24h", "--tail", "20000")
        return Query(command) { result throws(Failure) in
            callers(in: try result.text(else: "The proxies' logs cannot be read"))
        }
    }

    /// - Parameter log: what Envoy writes, an object a line, and whatever else it says.
    static func callers(in log: String) -> [Facts.Caller] {
        var callers: [String: Facts.Caller] = [:]
        let decoder = JSONDecoder()
        for line in log.split(separator: "\n") where line.hasPrefix("{") {
            // A line of another kind names no client.
            guard let served = try? decoder.decode(ServedRequest.self, from: Data(line.utf8)),
                let caller = served.caller
            else { continue }
            let key = "\(caller.name) \(caller.serial)"
            if let known = callers[key], known.lastSeen >= caller.lastSeen { continue }
            callers[key] = caller
        }
        return callers.values.sorted { ($0.lastSeen, $0.name) < ($1.lastSeen, $1.name) }
    }
}

/// What the chart's proxy writes down of a request that it has served.
private struct ServedRequest: Decodable {
    var time: String
    var peerURI: String?
    var peerSerial: String?
    /// Where it is set, the names are only claimed.
    var error: String?

    enum CodingKeys: String, CodingKey {
        case time
        case peerURI = "peer_uri"
        case peerSerial = "peer_serial"
        case error = "tls_error"
    }

    var caller: Facts.Caller? {
        guard error == nil, let peerURI, peerURI.hasPrefix(ClientName.identityPrefix), let peerSerial,
            let date = try? Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        else { return nil }
        return Facts.Caller(
            name: String(peerURI.dropFirst(ClientName.identityPrefix.count)), serial: peerSerial.lowercased(),
            lastSeen: date)
    }
}
