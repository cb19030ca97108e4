extension JSONValue {
    /// Everything in it that is no object, by the keys that lead there.
    var leaves: [[String]: JSONValue] {
        guard case .object(let members) = self else { return [[]: self] }
        var leaves: [[String]: JSONValue] = [:]
        for (key, value) in members {
            for (path, leaf) in value.leaves { leaves[[key] + path] = leaf }
        }
        return leaves
    }

    /// What the keys lead to; nil where there is nothing.
    subscript(path: [String]) -> JSONValue? {
        guard let key = path.first else { return self }
        return self[key]?[Array(path.dropFirst())]
    }

    /// The same with a value where the keys lead to.
    func setting(_ value: JSONValue, at path: [String]) -> JSONValue {
        guard let key = path.first else { return value }
        var members = object
        members[key] = (self[key] ?? .object([:])).setting(value, at: Array(path.dropFirst()))
        return .object(members)
    }
}
