package awsfake

import "strings"

// entity is a role or user that has inline policies.
type entity struct {
	// kind is "role" or "user".
	kind, name, arn string
	// room is how many characters its inline policies may have together,
	// without white space
	// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
	room int
	// protected ones are changed by AWS only.
	protected bool
}

// finder reads the parameter that names an entity, and finds it once it is
// called; the caller must be allowed the call's action on it.
type finder func(*iamCall) func() (entity, error)

// onEntity makes an operation on roles or on users.
func onEntity(find finder, do func(*iamCall, func() (entity, error)) (any, error)) func(*iamCall) (any, error) {
	return func(c *iamCall) (any, error) { return do(c, find(c)) }
}

func aRole(c *iamCall) func() (entity, error) {
	name := c.roleName()
	return func() (entity, error) {
		r, err := c.role(name)
		if err != nil {
			return entity{}, err
		}
		return entity{kind: "role", name: name, arn: r.arn, room: 10240, protected: r.protected()}, nil
	}
}

func aUser(c *iamCall) func() (entity, error) {
	name := c.userName(true)
	return func() (entity, error) {
		u, err := c.iamUser(name)
		if err != nil {
			return entity{}, err
		}
		return entity{kind: "user", name: name, arn: u.arn, room: 2048}, nil
	}
}

func (c *iamCall) roleName() string { return c.name("RoleName", 64, true) }

func (c *iamCall) userName(required bool) string { return c.name("UserName", 128, required) }

// role finds a role of the caller's account by its name, once the parameters
// are right.
func (c *iamCall) role(name string) (*role, error) {
	if err := c.err(); err != nil {
		return nil, err
	}
	r := c.roleNamed(c.caller.account, name)
	arn := "arn:" + c.partition + ":iam::" + c.caller.account + ":role/" + name
	if r != nil {
		arn = r.arn
	}
	if err := c.allowed(arn, "role "+name); err != nil {
		return nil, err
	}
	if r == nil {
		return nil, noSuch("The role with name %s cannot be found.", name)
	}
	return r, nil
}

// iamUser finds a user of the caller's account by name, once the parameters
// are right. Without a name it is the caller, the root user too.
func (c *iamCall) iamUser(name string) (*principal, error) {
	if err := c.err(); err != nil {
		return nil, err
	}
	if name == "" && c.caller.root() {
		return c.caller, c.allowed(c.caller.arn, c.caller.arn)
	}
	if name == "" {
		name = baseName(c.caller.user)
	}
	if name == "" {
		return nil, validationError("Must specify userName when calling with non-User credentials")
	}
	u := c.userNamed(c.caller.account, name)
	arn := "arn:" + c.partition + ":iam::" + c.caller.account + ":user/" + name
	if u != nil {
		arn = u.arn
	}
	if err := c.allowed(arn, "user "+name); err != nil {
		return nil, err
	}
	if u == nil {
		return nil, noSuch("The user with name %s cannot be found.", name)
	}
	return u, nil
}

// baseName is the last part of an ARN or a name with a path.
func baseName(name string) string { return name[strings.LastIndex(name, "/")+1:] }

// pathOf is that of a name: "/" or "/team/".
func pathOf(name string) string { return "/" + name[:strings.LastIndex(name, "/")+1] }

// protected reports whether only AWS changes a role: those linked to a service
// and those of Identity Center.
func (r *role) protected() bool {
	at := pathOf(r.Name)
	return strings.HasPrefix(at, "/aws-service-role/") || strings.HasPrefix(at, "/aws-reserved/")
}
