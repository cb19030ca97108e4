import ArgumentParser
import Installer

/// All settings of an install as flags. A test fails if a field is missing here.
struct FieldOptions: FieldFlags {
    @OptionGroup var installation: InstallationFlags

    @Option(.exposure) var exposure: String?
    @Option(.port) var port: String?
    @Option(.nodePort) var nodePort: String?
    @Option(.sans) var sans: String?
    @Option(.endpoint) var endpoint: String?
    @Option(.servername) var servername: String?

    @Option(.certificates) var certificates: String?
    @Option(.certs) var certs: String?
    @Option(.client) var client: String?
    @Option(.keyAlgorithm) var keyAlgorithm: String?
    @Option(.authorityDays) var authorityDays: String?
    @Option(.days) var days: String?
    @Option(toggle: .discardAuthority) var discardAuthority: String?
    @Option(.bakeDefinition) var bakeDefinition: String?

    @Option(.timeout) var timeout: String?
    @Option(toggle: .takeOver) var takeOver: String?

    @Option(.security) var security: String?
    @Option(.cache) var cache: String?
    @Option(.storageClass) var storageClass: String?
    @Option(.cpu) var cpu: String?
    @Option(.memory) var memory: String?
    @Option(.image) var image: String?
    @Option(.mirrors) var mirrors: String?
    @Option(.values) var values: String?

    @Option(.builder) var builder: String?
    @Option(toggle: .use) var use: String?
    @Option(.platforms) var platforms: String?
    @Option(toggle: .verify) var verify: String?
}

/// Settings that identify an installation.
struct InstallationFlags: FieldFlags {
    @Option(.context) var context: String?
    @Option(.loginTimeout) var loginTimeout: String?
    @Option(.namespace) var namespace: String?
    @Option(.release) var release: String?
}

/// Settings of the client commands: the installation, and how to connect to it.
struct ClientInstallationOptions: FieldFlags {
    @OptionGroup var installation: InstallationFlags
    @Option(.certs) var certs: String?
    @Option(.exposure) var exposure: String?
    @Option(.port) var port: String?
    @Option(.nodePort) var nodePort: String?
    @Option(.sans) var sans: String?
    @Option(.endpoint) var endpoint: String?
    @Option(.servername) var servername: String?
    @Option(.certificates) var certificates: String?
    @Option(.keyAlgorithm) var keyAlgorithm: String?
    @Option(.days) var days: String?
    @Option(.builder) var builder: String?
    @Option(.timeout) var timeout: String?
    @Option(toggle: .verify) var verify: String?
}

/// Settings to issue a client certificate.
struct ClientOptions: FieldFlags {
    @Option(.name) var name: String?
    @Option(.role) var role: String?
    @Option(.bundle) var bundle: String?
}

/// Settings to revoke a client.
struct RevocationOptions: FieldFlags {
    @Option(.name) var name: String?
    @Option(.serial) var serial: String?
    @Option(toggle: .now) var now: String?
}

/// Some questions as flags: properties named as the fields, each an `@Option` of its field.
protocol FieldFlags: ParsableArguments {}

extension FieldFlags {
    /// The given values by field ID. The property wrappers are the only list of them.
    var given: [Field.ID: String] {
        var given: [Field.ID: String] = [:]
        for child in Mirror(reflecting: self).children {
            if let group = child.value as? OptionGroup<InstallationFlags> {
                given.merge(group.wrappedValue.given) { $1 }
            }
            guard let option = child.value as? Option<String?>, let name = child.label?.dropFirst() else {
                continue
            }
            given[String(name).hyphenated] = option.wrappedValue
        }
        return given
    }
}

extension Option where Value == String? {
    init(_ field: Field) {
        self.init(name: field.names, help: ArgumentHelp(field: field), completion: field.completion)
    }

    /// A toggle: without a value it means yes.
    init(toggle field: Field) {
        self.init(
            name: field.names, defaultAsFlag: "yes", parsing: .next, help: ArgumentHelp(field: field),
            completion: field.completion)
    }
}

extension ArgumentHelp {
    fileprivate init(field: Field) { self.init("\(field.help)", valueName: field.valueName) }
}

extension Field {
    fileprivate var names: NameSpecification {
        // Same short flag as kubectl and helm.
        id == Field.namespace.id ? [.customLong(id), .customShort("n")] : [.customLong(id)]
    }

    /// "Default: buildkit", or the meaning of an empty value: "If not set: the current context".
    var defaultNote: String? {
        let text = text(in: Answers())
        return text.isEmpty ? emptyMeaning.map { "If not set: \($0)" } : "Default: \(text)"
    }

    /// Name of the value in the help.
    var valueName: String {
        switch kind {
        case .path where id == Field.bundle.id: return "dir|file"
        case .path: return id == Field.certs.id ? "dir" : "file"
        case .toggle: return "yes|no"
        case .choice(let options): return options.map(\.value).joined(separator: "|")
        case .text, .number, .list, .choices: break
        }
        return switch id {
        case Field.endpoint.id: "host:port"
        case Field.port.id, Field.nodePort.id: "port"
        case Field.days.id, Field.authorityDays.id, Field.ifDue.id: "days"
        case Field.timeout.id, Field.loginTimeout.id: "seconds"
        case Field.sans.id: "name,..."
        case Field.servername.id: "host"
        case Field.mirrors.id: "registry=mirror,..."
        case Field.platforms.id: "os/arch,..."
        case Field.serial.id: "serial,..."
        case Field.remove.id: "part,..."
        case Field.image.id: "image"
        case Field.cpu.id, Field.memory.id: "quantity"
        case Field.cache.id: "size|none"
        case Field.bakeDefinition.id: "url"
        case Field.context.id: "context"
        default: "name"
        }
    }
}

extension String {
    /// `nodePort` as `node-port`.
    fileprivate var hyphenated: String {
        reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
    }
}

extension Field {
    /// Shell completion of the flag's value.
    var completion: CompletionKind {
        switch kind {
        case .path: return id == Field.certs.id ? .directory : .file()
        case .toggle: return .list(["yes", "no"])
        case .choice(let options), .choices(let options): return .list(options.map(\.value))
        case .text, .number, .list: break
        }
        return switch id {
        case Field.context.id: .values { await $0.contexts() }
        case Field.namespace.id: .values { await $0.namespaces() }
        case Field.release.id: .values { await $0.releases() }
        case Field.storageClass.id: .values { await $0.storageClasses() }
        case Field.name.id: .clientNames
        case Field.builder.id: .values { await $0.builders() }
        default: .default
        }
    }
}

extension CompletionKind {
    /// The clients that have certificates on this machine.
    static var clientNames: CompletionKind { .values { await $0.clients() } }

    /// Executed by this program, when the shell calls it for a completion.
    fileprivate static func values(
        _ read: @escaping @Sendable (ValueCompletion) async -> [String]
    ) -> CompletionKind {
        .custom { words, _, _ in
            guard let completion = ValueCompletion(words) else { return [] }
            return await read(completion)
        }
    }
}
