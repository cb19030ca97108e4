extension Kubectl {
    /// A command that only looks, and does not wait long for a server that is not there.
    func look(_ arguments: [String], input: String? = nil) -> Command {
        command(arguments + ["--request-timeout=5s"], input: input, timeout: 15)
    }

    func look(_ arguments: String..., input: String? = nil) -> Command { look(arguments, input: input) }
}

extension Site {
    /// For what belongs to no namespace.
    var cluster: Kubectl { Kubectl(context: context) }
}
