extension Query<Facts.Contexts> {
    /// The contexts' names, the current one's first; nothing else of the kubeconfig is printed, for the rest
    /// of it is credentials.
    static let contexts = Query(
        Command(
            .kubectl,
            [
                "config", "view", "--output",
                #"jsonpath={.current-context}{"\n"}{range .contexts[*]}{.name}{"\n"}{end}"#,
            ], timeout: 15)
    ) { result throws(Failure) in
        let lines = try result.text(else: "The kubeconfig cannot be read")
            .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        return Facts.Contexts(names: lines.dropFirst().filter { !$0.isEmpty }, current: lines.first ?? "")
    }
}
