/// The clients that may build, with their roles, as in the chart's `proxy.clients`. Empty: every client with a
/// certificate of the CA, with full access.
public struct ClientRoles: Codable, Equatable, Sendable {
    public struct Client: Codable, Equatable, Sendable {
        public var name: String
        public var role: ClientRole
    }

    public private(set) var clients: [Client]

    public init(_ clients: [Client] = []) { self.clients = clients }

    /// The list in a release's values.
    public init(values: JSONValue) {
        clients = (values["proxy"]?["clients"]?.array ?? []).compactMap { client in
            guard let name = client["name"]?.string, let role = client["role"]?.string else { return nil }
            return ClientRole(rawValue: role).map { Client(name: name, role: $0) }
        }
    }

    public var isEmpty: Bool { clients.isEmpty }

    /// The role of a client; nil: it is not on the list. New clients are appended.
    public subscript(name: String) -> ClientRole? {
        get { clients.first { $0.name == name }?.role }
        set {
            let index = clients.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let role?): clients[index].role = role
            case (let index?, nil): clients.remove(at: index)
            case (nil, let role?): clients.append(Client(name: name, role: role))
            case (nil, nil): break
            }
        }
    }

    /// The list as the chart's value.
    var json: JSONValue {
        .array(clients.map { ["name": .string($0.name), "role": .string($0.role.rawValue)] })
    }

    /// "alice (admin), bob (builder)"
    var inWords: String { clients.map { "\($0.name) (\($0.role.rawValue))" }.joined(separator: ", ") }
}
