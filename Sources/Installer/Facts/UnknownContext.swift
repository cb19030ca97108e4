extension Facts {
    /// Marks the files of the installation on this machine as unread: their path has the name of the context, which kubectl
    /// does not tell.
    mutating func loseFiles() {
        folder = .unavailable(.unknownContext)
        authorities = .unavailable(.unknownContext)
        clients = .unavailable(.unknownContext)
        issued = .unavailable(.unknownContext)
        renewal = .unavailable(.unknownContext)
        files = .unavailable(.unknownContext)
    }

    /// Why the certificates on this machine are unknown; nil where they are known.
    public var certificatesFailure: InstallerError? {
        folder.failure ?? authorities.failure ?? clients.failure ?? issued.failure
    }
}

extension InstallerError {
    static let unknownContext = InstallerError(
        "The current context is unknown", hint: "Specify it: --context NAME")
}
