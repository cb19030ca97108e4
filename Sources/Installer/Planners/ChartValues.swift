/// The chart values for the answers: only what was decided, so that the chart's defaults can improve in later
/// versions.
public struct ChartValues: Equatable, Sendable {
    public let json: JSONValue

    /// - Parameters:
    ///   - security: the selected profile.
    ///   - hasRevocations: whether the outer Secret contains a `crl.pem`.
    ///   - clients: the client list that is currently in force.
    ///   - innerName: the name in BuildKit's own certificate; nil where another tool created it.
    init(
        _ answers: Answers, security: SecurityProfile, hasRevocations: Bool, clients: ClientRoles,
        innerName: String?
    ) {
        var builder: [String: JSONValue] = [
            "security": .string(security.rawValue),
            "cache": Self.cache(answers),
        ]
        if let innerName { builder["serverName"] = .string(innerName) }
        if !answers.image.isEmpty { builder["image"] = Self.image(answers.image) }
        if let resources = Self.resources(answers) { builder["resources"] = resources }
        if !answers.mirrors.isEmpty { builder["mirrors"] = Self.mirrors(answers.mirrors) }
        var proxy: [String: JSONValue] = [
            "service": Self.service(answers),
            "certificates": ["revocations": .bool(hasRevocations)],
        ]
        if !clients.isEmpty { proxy["clients"] = clients.json }
        json = ["proxy": .object(proxy), "builder": .object(builder)]
    }

    private static func service(_ answers: Answers) -> JSONValue {
        var service: [String: JSONValue] = [
            "type": .string(answers.exposure.serviceType),
            "port": .number(Double(answers.port)),
        ]
        if let nodePort = answers.nodePort { service["nodePort"] = .number(Double(nodePort)) }
        return .object(service)
    }

    private static func cache(_ answers: Answers) -> JSONValue {
        guard case .size(let size) = answers.cache else { return ["enabled": false] }
        var cache: [String: JSONValue] = ["enabled": true, "size": .string(size)]
        if !answers.storageClass.isEmpty { cache["storageClass"] = .string(answers.storageClass) }
        return .object(cache)
    }

    private static func image(_ reference: String) -> JSONValue {
        let sides = reference.split(separator: "@", maxSplits: 1)
        let (name, tag) = String(sides[0]).splitTag
        var image: [String: JSONValue] = ["repository": .string(name)]
        // The chart appends the suffix that the profile needs.
        if let tag { image["tag"] = .string(tag.hasSuffix("-rootless") ? String(tag.dropLast(9)) : tag) }
        if sides.count == 2 { image["digest"] = .string(String(sides[1])) }
        return .object(image)
    }

    /// CPU is only requested: a limit would throttle a build while the node is idle. Memory is also limited, so that
    /// a build without enough memory does not affect other pods.
    private static func resources(_ answers: Answers) -> JSONValue? {
        var requests: [String: JSONValue] = [:]
        if !answers.cpu.isEmpty { requests["cpu"] = .string(answers.cpu) }
        if !answers.memory.isEmpty { requests["memory"] = .string(answers.memory) }
        guard !requests.isEmpty else { return nil }
        guard let memory = requests["memory"] else { return ["requests": .object(requests)] }
        return ["requests": .object(requests), "limits": ["memory": memory]]
    }

    private static func mirrors(_ mirrors: [RegistryMirror]) -> JSONValue {
        .object(
            Dictionary(grouping: mirrors, by: \.registry).mapValues { .array($0.map { .string($0.host) }) })
    }
}
