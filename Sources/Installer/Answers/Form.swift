/// A page of questions. It is defined once; the wizard draws it and the command line parses it.
public struct Form: Identifiable, Equatable, Sendable {
    public let id: String
    public let title: String
    public let intro: String
    public let fields: [Field]
    /// The help of fields that mean something else on each page, by their ids.
    public var meanings: [Field.ID: String] = [:]

    public static func == (left: Form, right: Form) -> Bool { left.id == right.id }

    /// The help of a question on this page: pages of an install add the field's install help.
    public func help(of field: Field) -> String {
        if let meaning = meanings[field.id] { return meaning }
        guard Form.install.contains(self), let more = field.installHelp else { return field.help }
        return "\(field.help) \(more)"
    }

    /// The questions that apply to these answers.
    public func fields(asked answers: Answers) -> [Field] { fields.filter { $0.isAsked(with: answers) } }
}

extension Form {
    public static let cluster = Form(
        id: "cluster", title: "Cluster", intro: "Kubernetes context of the installation.", fields: [.context])

    /// The wizard does not show it.
    public static let login = Form(
        id: "login", title: "Login", intro: "How kubectl logs in to the cluster.", fields: [.loginTimeout])

    public static let address = Form(
        id: "address", title: "Address",
        intro: "How clients connect, and the names in the server certificate.",
        fields: [.exposure, .port, .nodePort, .sans, .endpoint, .servername])

    public static let certificates = Form(
        id: "certificates", title: "Certificates",
        intro: "Mutual TLS: Envoy and every client authenticate with a certificate.",
        fields: [
            .certificates, .certs, .client, .keyAlgorithm, .authorityDays, .days, .discardAuthority,
            .bakeDefinition,
        ])

    public static let release = Form(
        id: "release", title: "Namespace and release", intro: "Namespace and Helm release name.",
        fields: [.namespace, .release, .timeout, .takeOver])

    public static let builder = Form(
        id: "builder", title: "Builder",
        intro: "The BuildKit pod (one replica): isolation, cache and resources.",
        fields: [.security, .cache, .storageClass, .cpu, .memory, .image, .mirrors, .values])

    public static let registration = Form(
        id: "registration", title: "Registration",
        intro: "Register the builder with docker buildx on this machine.",
        fields: [.builder, .use, .platforms, .verify])

    public static let client = Form(
        id: "client", title: "Client",
        intro: "Name, role and bundle of the client.",
        fields: [.name, .role, .bundle])

    public static let revocation = Form(
        id: "revocation", title: "Revocation", intro: "The client or the certificates to revoke.",
        fields: [.name, .serial, .now])

    /// Selects an existing installation and how to connect to it.
    public static let approach = Form(
        id: "approach", title: "Installation", intro: "Select the installation, and how to connect to it.",
        fields: [
            .context, .namespace, .release, .exposure, .port, .nodePort, .sans, .endpoint, .servername,
            .certificates, .certs, .keyAlgorithm, .days, .builder, .timeout, .verify,
        ])

    /// Selects the installation whose BuildKit is scaled.
    public static let scaling = Form(
        id: "scaling", title: "Installation", intro: "Select the installation.",
        fields: [.context, .namespace, .release, .timeout])

    /// The same page before BuildKit is scaled to zero, which builds may prevent.
    public static let sleeping = Form(
        id: scaling.id, title: scaling.title, intro: scaling.intro, fields: scaling.fields + [.force],
        meanings: [
            Field.force.id:
                "Scale down even if builds are running, queued or cannot be counted. Running builds finish first."
        ])

    /// The pages of an install, in order.
    public static let install: [Form] = [
        .cluster, .address, .certificates, .release, .builder, .registration,
    ]

    public static let installation = Form(
        id: "installation", title: "Installation", intro: "Select the installation.",
        fields: [.namespace, .release, .builder, .certs])

    public static let removal = Form(
        id: "removal", title: "Components",
        intro:
            "Unselected components are kept. Resources not created by buildkit-installer are removed "
            + "only if selected.",
        fields: [.remove, .confirm, .force, .timeout],
        meanings: [
            Field.force.id:
                "Cancel running builds, remove even a locked Helm release, and clean up this machine even if the "
                + "cluster does not respond."
        ])

    public static let uninstall: [Form] = [.cluster, .installation, .removal]

    /// A read-only page: every certificate, its location, and the mismatches.
    public static let inventory = Form(
        id: "inventory", title: "Current certificates",
        intro: "All certificates, with expiry and location.",
        fields: [])

    public static let rotation = Form(
        id: "rotation", title: "Rotation", intro: "Running builds are not interrupted.",
        fields: [.renew, .sans, .days, .authorityDays, .keyAlgorithm, .ifDue, .force],
        meanings: [Field.force.id: "Drop the old CA even if clients still use it."])

    public static let rotate: [Form] = [.cluster, .installation, .inventory, .rotation]

    /// Every page, including those without questions of their own.
    public static let all: [Form] =
        install + [.login, .installation, .inventory, .rotation, .client, .revocation, .removal]
}

extension Field {
    public static let all = Form.all.fields

    /// Consents, which apply to one run: they are neither saved nor recalled.
    static let consents: Set<ID> = [takeOver.id, force.id, confirm.id, now.id]

    /// The question with that id.
    public static func named(_ id: ID) -> Field? { all.first { $0.id == id } }
}

extension [Form] {
    /// The questions on these pages, each once.
    public var fields: [Field] {
        var seen: Set<Field.ID> = []
        return flatMap(\.fields).filter { seen.insert($0.id).inserted }
    }
}
