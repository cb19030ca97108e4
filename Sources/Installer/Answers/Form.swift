/// A page of questions. Written here once; the wizard draws it and the command line parses it.
public struct Form: Identifiable, Equatable, Sendable {
    public let id: String
    public let title: String
    public let intro: String
    public let fields: [Field]

    public static func == (left: Form, right: Form) -> Bool { left.id == right.id }

    /// What a question means on this page: some mean more where an installation is made than where one is named.
    public func help(of field: Field) -> String {
        guard Form.install.contains(self), let more = field.installHelp else { return field.help }
        return "\(field.help) \(more)"
    }

    /// The questions that arise with these answers.
    public func fields(asked answers: Answers) -> [Field] { fields.filter { $0.isAsked(with: answers) } }
}

extension Form {
    public static let cluster = Form(
        id: "cluster", title: "Cluster", intro: "Where the builder will run.", fields: [.context])

    public static let address = Form(
        id: "address", title: "Address",
        intro: "How the builder is reached, and the names that its certificate covers.",
        fields: [.exposure, .port, .nodePort, .sans, .endpoint, .servername])

    public static let certificates = Form(
        id: "certificates", title: "Certificates",
        intro: "Envoy asks every client for a certificate, and shows one of its own.",
        fields: [
            .certificates, .certs, .client, .keyAlgorithm, .authorityDays, .days, .discardAuthority,
            .bakeDefinition,
        ])

    public static let release = Form(
        id: "release", title: "Namespace and release", intro: "Where the chart goes, and under which name.",
        fields: [.namespace, .release, .timeout, .takeOver])

    public static let builder = Form(
        id: "builder", title: "Builder",
        intro: "The one BuildKit that does the work. It is scaled up, not out.",
        fields: [.security, .cache, .storageClass, .cpu, .memory, .image, .mirrors, .values])

    public static let registration = Form(
        id: "registration", title: "Registration",
        intro: "How docker buildx on this machine knows the builder.",
        fields: [.builder, .use, .platforms, .verify])

    public static let client = Form(
        id: "client", title: "Client",
        intro: "Who may build: `client add`, `client renew` and `client revoke`.",
        fields: [.name, .role, .bundle])

    public static let revocation = Form(
        id: "revocation", title: "Revocation", intro: "Whom nobody lets in any more: `client revoke`.",
        fields: [.serial, .now])

    /// Which installation is meant and how it is reached, for those who come back to one.
    public static let approach = Form(
        id: "approach", title: "Installation", intro: "Which one is meant, and how it is reached.",
        fields: [
            .context, .namespace, .release, .exposure, .port, .nodePort, .sans, .endpoint, .servername,
            .certificates, .certs, .keyAlgorithm, .days, .builder, .timeout, .verify,
        ])

    /// What an install asks, in the order of its pages.
    public static let install: [Form] = [
        .cluster, .address, .certificates, .release, .builder, .registration,
    ]

    public static let installation = Form(
        id: "installation", title: "Installation", intro: "Which one is meant.",
        fields: [.namespace, .release, .builder, .certs])

    public static let removal = Form(
        id: "removal", title: "What goes",
        intro: "What is not chosen stays, and so does what this program did not make.",
        fields: [.remove, .confirm, .force, .timeout])

    /// What an uninstall asks.
    public static let uninstall: [Form] = [.cluster, .installation, .removal]

    /// A page that only shows: every certificate, where it is, and what does not match what.
    public static let inventory = Form(
        id: "inventory", title: "What there is",
        intro: "Every certificate, how long it lasts, and where it is.",
        fields: [])

    public static let rotation = Form(
        id: "rotation", title: "Rotation", intro: "Builds that run notice nothing of it.",
        fields: [.renew, .sans, .days, .authorityDays, .keyAlgorithm, .ifDue, .force])

    /// What a rotation asks.
    public static let rotate: [Form] = [.cluster, .installation, .inventory, .rotation]

    /// Every page, also those that ask nothing of their own.
    public static let all: [Form] =
        install + [.installation, .inventory, .rotation, .client, .revocation, .removal]
}

extension Field {
    /// Every question there is.
    public static let all = Form.all.fields

    /// The question of that id.
    public static func named(_ id: ID) -> Field? { all.first { $0.id == id } }
}

extension [Form] {
    /// The questions on these pages, each once.
    public var fields: [Field] {
        var seen: Set<Field.ID> = []
        return flatMap(\.fields).filter { seen.insert($0.id).inserted }
    }
}
