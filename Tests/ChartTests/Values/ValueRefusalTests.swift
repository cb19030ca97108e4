import Testing

/// An invalid value is rejected by its name.
struct ValueRefusalTests {
    @Test func aWrongTypeIsRefusedByName() async throws {
        // No value accepts both, and a value that accepts numbers or texts accepts neither.
        let paths = try ValuesDocument().leaves.map(\.path)
        let wrong = paths.flatMap { path in ["[1]", "true"].map { (path, $0) } }
        let results = try await Chart.results(wrong.map { Release(set: [$0: $1]) })
        let refused = Set(zip(wrong, results).filter { $1.error?.names($0.0) == true }.map(\.0.0))
        #expect(paths.filter { !refused.contains($0) } == [])
    }

    @Test func anUnknownKeyIsRefusedByName() async throws {
        let parents = Set(try ValuesDocument().leaves.map { $0.path.split(separator: ".").dropLast() })
        let releases = parents.map { parent in
            Release(set: [(parent + ["unheard"]).joined(separator: "."): "1"])
        }
        for (parent, result) in zip(parents, try await Chart.results(releases)) {
            #expect(
                result.error?.contains("'unheard' not allowed") == true, "\(parent.joined(separator: "."))")
        }
    }

    private static let wrong: [(path: String, values: [String])] = [
        ("proxy.service.type", ["ExternalName", "nodeport"]),
        ("proxy.service.port", ["0", "65536", "1234.5"]),
        ("proxy.service.nodePort", ["0", "65536"]),
        ("proxy.service.loadBalancerSourceRanges", ["[10.0.0.0]", "[10.0.0.0/33]", "[all]"]),
        ("proxy.service.externalTrafficPolicy", ["local"]),
        ("proxy.certificates.secret", ["''", "Buildkit", "a_b"]),
        (
            "proxy.clients",
            [
                "[{name: alice}]", "[{name: alice, role: root}]", "[{name: 'a/b', role: admin}]",
                "[{name: '', role: admin}]", "[{name: alice, role: admin, more: 1}]", "[alice]",
            ]
        ),
        ("proxy.hold", ["10", "ten", "1d", "''", "10 m", "-1m"]),
        ("proxy.limits.connections", ["0", "-1"]),
        ("proxy.limits.streams", ["1"]),
        ("proxy.replicas", ["0", "51"]),
        ("proxy.threads", ["0"]),
        ("proxy.image.tag", ["''", "a b", "distroless-v1.40.0"]),
        ("proxy.image.digest", ["sha256:abc", "latest"]),
        ("proxy.image.pullPolicy", ["always"]),
        ("proxy.logLevel", ["verbose"]),
        ("proxy.metrics.port", ["80", "1234", "9903", "70000"]),
        ("builder.security", ["root", "''"]),
        ("builder.image.repository", ["''", "Docker.io/moby/buildkit", "a b"]),
        ("builder.cache.size", ["50 Gi", "50GB", "-1Gi", "''", "lots"]),
        ("builder.cache.percent", ["5", "95"]),
        ("builder.cache.policy", ["'[grpc]'"]),
        (
            "builder.mirrors",
            ["{docker.io: mirror}", "{docker.io: []}", "{'https://docker.io': [a]}", "{a: ['']}"]
        ),
        ("builder.registries", ["{a: {}}", "{a: {htp: true}}", "{'a b': {http: true}}"]),
        ("builder.serverName", ["'*.x'", "a_b", "'-a'"]),
        ("builder.dns.nameservers", ["[one.one]"]),
        ("builder.egressProxy.http", ["proxy:3128"]),
        ("builder.telemetry.endpoint", ["collector:4317"]),
        ("builder.networkPolicy.egress.except", ["[metadata]"]),
        ("imagePrefix", ["'https://a b'"]),
        ("imagePullSecrets", ["[pull]"]),
        ("fullnameOverride", ["Shared", "1st", "a.b"]),
        ("clusterDomain", ["''", ".local"]),
    ]

    @Test func whatIsOutOfRangeIsRefusedByName() async throws {
        let pairs = Self.wrong.flatMap { item in item.values.map { (item.path, $0) } }
        let results = try await Chart.results(pairs.map { Release(set: [$0: $1]) })
        for (pair, result) in zip(pairs, results) {
            #expect(result.error?.names(pair.0) == true, "\(pair.0): \(pair.1)")
        }
    }
}

extension String {
    /// Whether the schema's error is about a value, or about a part of it.
    fileprivate func names(_ path: String) -> Bool {
        let pointer = "/" + path.replacing(".", with: "/")
        return contains("at '\(pointer)'") || contains("at '\(pointer)/")
    }
}
