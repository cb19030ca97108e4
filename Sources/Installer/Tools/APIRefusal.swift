extension CommandResult {
    /// What kubectl prints where an API server has refused a request with an object of the kind Status.
    ///
    /// https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/util/helpers.go (StandardErrorMessage)
    /// - Parameters:
    ///   - reasons: the reasons that kubectl prints in the same way.
    ///   - deed: what kubectl was doing, in its words.
    /// - Returns: nil where kubectl must explain the answer.
    init?(refusal status: JSONValue, for reasons: Set<String>, during deed: String = "") {
        guard status["kind"]?.string == "Status", let reason = status["reason"]?.string,
            reasons.contains(reason)
        else { return nil }
        let message = status["message"]?.string ?? ""
        self.init(status: 1, errors: "Error from server (\(reason)): \(deed)\(message)\n")
    }
}
