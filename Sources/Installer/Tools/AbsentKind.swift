extension APIRequest.List {
    /// kubectl's answer where the cluster has no kind of the list's API group; nil where that is not certain.
    ///
    /// A cluster lists its groups for every user, while the answer for a single kind may also be a refusal. Groups of
    /// Kubernetes itself are always there.
    func absence(from server: HTTPExchange.Server) async throws -> CommandResult? {
        let words = path.split(separator: "/")
        guard words.first == "apis", words.count > 2, let kind = words.last else { return nil }
        let group = words[1]
        // https://kubernetes.io/docs/reference/using-api/#api-groups
        guard group.contains("."), !group.hasSuffix(".k8s.io") else { return nil }
        let answer = try await HTTPExchange(server: server, path: "/apis/\(group)").answer()
        guard answer.status == 404 else { return nil }
        return CommandResult(
            status: 1, errors: "error: the server doesn't have a resource type \"\(kind)\"\n")
    }
}
