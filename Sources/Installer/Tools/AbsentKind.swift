extension APIRequest.List {
    /// kubectl's answer where no version of the list's API group has the kind; nil where that is not certain.
    ///
    /// A cluster shows its groups and their kinds to every user, while the answer for a single kind may also be a
    /// refusal. Groups of Kubernetes itself are always there.
    /// https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
    func absence(from server: HTTPExchange.Server) async throws -> CommandResult? {
        let words = path.split(separator: "/")
        guard words.first == "apis", words.count > 2, let kind = words.last else { return nil }
        let group = words[1]
        guard group.contains(".") else { return nil }
        let answer = try await HTTPExchange(server: server, path: "/apis/\(group)").answer()
        let isAbsent =
            switch answer.status {
            case 200: try await hasNo(String(kind), in: JSONValue(text: answer.body), from: server)
            case 404: !group.hasSuffix(".k8s.io")
            default: false
            }
        guard isAbsent else { return nil }
        return CommandResult(
            status: 1, errors: "error: the server doesn't have a resource type \"\(kind)\"\n")
    }

    private func hasNo(
        _ kind: String, in group: JSONValue, from server: HTTPExchange.Server
    ) async throws -> Bool {
        let versions = (group["versions"]?.array ?? []).compactMap { $0["groupVersion"]?.string }
        let lists = try await concurrently(versions) { version in
            try await HTTPExchange(server: server, path: "/apis/\(version)").answer()
        }
        return try !lists.isEmpty
            && lists.allSatisfy { list in
                guard list.status == 200, let kinds = try JSONValue(text: list.body)["resources"]?.array
                else {
                    return false
                }
                return !kinds.contains { $0["name"]?.string == kind }
            }
    }
}
